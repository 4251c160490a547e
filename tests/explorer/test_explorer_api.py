"""The server: who gets an answer, with which headers, and which answer."""

from __future__ import annotations

import threading
import time

import pytest
from explored import TOPICS, hostile_words, topic_vectors, vectors_of

from w2v.explorer.map_points import WordMap

pytest.importorskip("starlette", reason="starlette is not installed")
pytest.importorskip("httpx2", reason="httpx2 is not installed")
pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from starlette.testclient import TestClient

from w2v.explorer.app import create_app
from w2v.explorer.word_queries import Answers

TOKEN = "right-token"
AUTHORIZED = {"x-w2v-token": TOKEN}
PATHS = [
    "model",
    "map",
    "arranged",
    "complete?beginning=k",
    "neighbors?word=king",
    "analogy?a=king&b=queen&c=salt",
    "similarity?a=king&b=queen",
]


def client_of(vectors, headers=AUTHORIZED, **options):
    word_map = WordMap(vectors, options.pop("top", 1000), 5, "pca", 1)
    app = create_app("m.w2v", Answers(vectors, vectors.find), word_map, {"words": len(vectors), "dim": vectors.dim}, TOKEN)
    return TestClient(app, base_url="http://127.0.0.1:8000", headers=headers, **options)


@pytest.fixture(scope="module")
def vectors():
    return topic_vectors()


@pytest.fixture(scope="module")
def client(vectors):
    return client_of(vectors)


@pytest.fixture(scope="module")
def stranger(vectors):
    return client_of(vectors, headers={})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", TOKEN[:-1], "é"])
def test_data_needs_the_token(stranger, path, token):
    headers = {} if token is None else {"x-w2v-token": token.encode()}
    answer = stranger.get(f"/api/{path}", headers=headers)
    assert (answer.status_code, list(answer.json())) == (401, ["error"])


def test_a_token_in_the_query_or_a_cookie_is_none(stranger):
    assert stranger.get(f"/api/model?token={TOKEN}").status_code == 401
    assert stranger.get("/api/model", headers={"cookie": f"x-w2v-token={TOKEN}"}).status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "0.0.0.0:8000", "localhost.evil.example", "[::1]"]
)
@pytest.mark.parametrize("path", ["/", "/main.js", "/api/model"])
def test_another_host_is_refused(client, host, path):
    assert client.get(path, headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "LOCALHOST"])
def test_own_hosts_are_answered(client, host):
    assert client.get("/api/model", headers={"host": host}).json() == {"name": "m.w2v", "words": 42, "dim": 40}


@pytest.mark.parametrize(
    "path", ["/", "/style.css", "/main.js", "/icon.svg", "/nosuch", "/api/model", "/api/neighbors?word=nosuch", "/api/nosuch"]
)
def test_headers_of_every_answer(client, path):
    answer = client.get(path)
    policy = dict(directive.split(" ", 1) for directive in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "img-src", "connect-src")} == {"'self'"}
    assert {policy[name] for name in ("frame-ancestors", "base-uri", "form-action", "trusted-types")} == {"'none'"}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers


def test_headers_of_a_refusal_and_of_a_fault(client, vectors, monkeypatch):
    assert "content-security-policy" in client.get("/", headers={"host": "evil.example"}).headers
    monkeypatch.setattr(Answers, "similarity", lambda *arguments: 1 / 0)
    answer = client_of(vectors, raise_server_exceptions=False).get("/api/similarity?a=king&b=queen")
    assert answer.status_code == 500
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    "path", ["/../app.py", "/%2e%2e/app.py", "/page/main.js", "//etc/passwd", "/app.py", "/style.css/", "/__init__.py"]
)
def test_no_other_file_is_served(client, path):
    assert client.get(path, follow_redirects=False).status_code in (404, 307)
    assert client.get(path).content.find(b"import") == -1 or client.get(path).url.path == "/style.css"


def test_only_get(client):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert client.request(method, "/api/model").status_code == 405


def test_page_files(client):
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script>" not in page.text
    assert "http" not in page.text  # nothing from elsewhere
    assert client.get("/main.js").headers["content-type"].startswith("text/javascript")


def test_map(client, vectors):
    content = client.get("/api/map").json()
    assert content["words"] == list(vectors.words)
    assert content["counts"] == vectors.counts.tolist()
    assert len(content["names"]) == 5
    assert sorted(content["prominent"]) == list(range(42))
    labels = content["clusters"]
    assert len({*labels}) == 5
    assert all(len({labels[4 * topic + i] for i in range(4)}) == 1 for topic in range(3))
    for axis in "xy":
        assert len(content["points"][axis]) == 42
        assert max(map(abs, content["points"][axis])) <= 10_000
    assert max(max(map(abs, content["points"][axis])) for axis in "xy") == 10_000
    assert client.get("/api/arranged").json() == {"progress": 1.0, "points": None, "moving": None, "error": None}


def test_a_map_of_the_most_frequent_words(vectors):
    content = client_of(vectors, top=10).get("/api/map").json()
    assert content["words"] == list(vectors.words[:10])
    assert len(content["points"]["x"]) == len(content["clusters"]) == 10


@pytest.mark.parametrize("n", [1, 2, 3])
def test_tiny_vocabularies(n):
    client = client_of(vectors_of([f"w{i}" for i in range(n)]))
    assert len(client.get("/api/map").json()["points"]["x"]) == n
    assert len(client.get("/api/neighbors?word=w0").json()[0]["neighbors"]) == n - 1


def test_neighbors_are_those_of_the_library_in_one_batch(client, vectors):
    found = client.get("/api/neighbors", params={"word": ["King", "国王"], "n": 3}).json()
    assert [(entry["query"], entry["word"], entry["rank"]) for entry in found] == [("King", "king", 0), ("国王", "国王", 8)]
    for entry, word in zip(found, ("king", "国王"), strict=True):
        assert [(near["word"], near["similarity"]) for near in entry["neighbors"]] == vectors.neighbors(word, n=3)
    assert {near["word"] for near in found[1]["neighbors"]} == {*TOPICS["chinese"]} - {"国王"}
    restricted = client.get("/api/neighbors", params={"word": "国王", "restrict_vocab": 4}).json()[0]["neighbors"]
    assert sorted(near["word"] for near in restricted) == sorted(TOPICS["royal"])


@pytest.mark.parametrize(("method", "title"), [("3cosadd", "similarity"), ("3cosmul", "score")])
def test_analogy(client, vectors, method, title):
    found = client.get("/api/analogy", params={"a": "king", "b": "queen", "c": "bread", "n": 5, "method": method}).json()
    answers = [(near["word"], near[title]) for near in found["answers"]]
    assert answers == vectors.analogy("king", "queen", "bread", 5, method=method)
    assert [found[name]["rank"] for name in "abc"] == [0, 1, 4]


def test_similarity(client, vectors):
    found = client.get("/api/similarity?a=king&b=queen").json()
    assert found["similarity"] == vectors.similarity("king", "queen")
    assert found["places"] == [vectors.rank("king", "queen"), vectors.rank("queen", "king")]
    assert client.get("/api/similarity?a=king&b=king").json()["places"] == [None, None]


def test_completion(client):
    assert [entry["word"] for entry in client.get("/api/complete?beginning=PR").json()] == ["prince"]
    assert [entry["word"] for entry in client.get("/api/complete?beginning=王").json()] == ["王后", "王子"]
    assert [entry["word"] for entry in client.get("/api/complete?beginning=word&n=3").json()] == ["word0", "word1", "word2"]


def test_a_word_that_is_typed_completes_itself_first():
    client = client_of(vectors_of(["artist", "arts", "article", "art"]))
    for typed in ("art", "Art"):
        assert [entry["word"] for entry in client.get(f"/api/complete?beginning={typed}&n=3").json()] == ["art", "artist", "arts"]


def test_unknown_words_get_close_matches(client):
    for path in ("neighbors?word=quen", "analogy?a=king&b=quen&c=salt", "similarity?a=quen&b=king"):
        answer = client.get(f"/api/{path}")
        assert answer.status_code == 404
        assert (answer.json()["word"], answer.json()["close_matches"]) == ("quen", ["queen"])


@pytest.mark.parametrize(
    "path",
    [
        *(
            "neighbors",
            "neighbors?word=",
            "neighbors?" + "&".join(["word=king"] * 101),
            "neighbors?word=king&n=0",
            "neighbors?word=king&n=1001",
        ),
        *("neighbors?word=king&n=x", "neighbors?word=king&n=-1", "neighbors?word=king&n=²", "neighbors?word=king&restrict_vocab=0"),
        *(
            "analogy?a=king&b=queen",
            "analogy?a=king&b=queen&c=salt&method=4cos",
            "similarity?a=king",
            "complete",
            "complete?beginning=k&n=2.5",
        ),
    ],
)
def test_wrong_questions_get_a_line(client, path):
    answer = client.get(f"/api/{path}")
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert "\n" not in answer.json()["error"]


@pytest.mark.medium
def test_hostile_words_come_back_as_they_are():
    words = hostile_words(200)
    client = client_of(vectors_of(words))
    assert client.get("/api/map").json()["words"] == words
    for word in words:
        found = client.get("/api/neighbors", params={"word": word, "n": 199}).json()[0]
        assert found["word"] == word
        assert {near["word"] for near in found["neighbors"]} == {*words} - {word}
    answer = client.get("/api/neighbors", params={"word": "<img src=x onerror=nosuch>"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")


def test_a_slow_question_does_not_hold_up_another(vectors, monkeypatch):
    release, began = threading.Event(), threading.Event()

    def slow(*arguments):
        began.set()
        assert release.wait(20)
        return {}

    monkeypatch.setattr(Answers, "analogy", slow)
    with client_of(vectors) as client:  # one event loop for both
        thread = threading.Thread(target=client.get, args=("/api/analogy?a=king&b=queen&c=salt",))
        thread.start()
        assert began.wait(20)
        assert client.get("/api/model").status_code == 200
        assert thread.is_alive()
        release.set()
        thread.join()


@pytest.mark.medium
def test_tsne_arranges_the_map_in_a_process_of_its_own(vectors):
    pytest.importorskip("openTSNE", reason="openTSNE is not installed")
    word_map = WordMap(vectors, 42, 5, "tsne", 1)
    try:
        assert word_map.content["method"] == "tsne"
        shares = []
        state = word_map.arranged()
        while state["points"] is None:
            assert state["error"] is None
            shares.append(state["progress"])
            time.sleep(0.02)
            state = word_map.arranged()
        assert shares == sorted(shares)
        assert state["progress"] == 1
        assert state["points"] != word_map.content["points"]
        assert len(state["points"]["x"]) == 42
        assert word_map.arranged() == state
    finally:
        word_map.close()


def test_a_process_that_is_killed_is_told_about(vectors):
    pytest.importorskip("openTSNE", reason="openTSNE is not installed")
    word_map = WordMap(vectors, 42, 5, "tsne", 1)
    word_map._arrangement._process.kill()
    word_map._arrangement._process.join()
    assert "exit code -9" in word_map.arranged()["error"]
    word_map.close()
