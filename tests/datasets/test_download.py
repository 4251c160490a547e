"""Downloads from a server that behaves, and from one that does not."""

from __future__ import annotations

import hashlib
import socket
import zlib
from pathlib import Path

import pytest
from misbehaving_server import (
    Handler,
    drops,
    drops_again,
    endless,
    fails,
    in_turn,
    never_answers,
    redirects,
    running_server,
    stalls,
    whole,
)

from w2v.datasets.download import fetch, fetch_text
from w2v.errors import ConfigError, DownloadError

BODY = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(BODY).hexdigest()
KNOWN = {"size": len(BODY), "checksums": {"sha256": SHA256}}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server():
    with running_server() as running:
        yield running


@pytest.fixture
def goal(tmp_path) -> Path:
    return tmp_path / "downloads" / "file.bin"


def names(goal: Path) -> set[str]:
    return {path.name for path in goal.parent.iterdir()}


def test_a_file_arrives_whole_and_alone(server, goal):
    fetch([server.serve("/file", whole(BODY))], goal, **KNOWN)
    assert goal.read_bytes() == BODY
    assert names(goal) == {"file.bin"}


def test_size_is_enough_when_only_the_server_knows_it(server, goal):
    fetch([server.serve("/file", whole(BODY))], goal, checksums={"sha256": SHA256})
    assert goal.read_bytes() == BODY


def test_a_body_without_length_is_taken_when_the_size_is_known(server, goal):
    fetch([server.serve("/file", lambda handler: handler.answer(200, BODY))], goal, **KNOWN)
    assert goal.read_bytes() == BODY


def test_a_file_that_is_there_is_verified_and_not_fetched(server, goal):
    url = server.serve("/file", whole(BODY))
    goal.parent.mkdir()
    goal.write_bytes(BODY)
    fetch([url], goal, **KNOWN)
    assert server.requests == []


def test_a_wrong_file_that_is_there_is_refused_and_kept(server, goal):
    goal.parent.mkdir()
    goal.write_bytes(BODY[:-1])
    with pytest.raises(
        DownloadError, match=r"file\.bin is not the file that was meant: it has 511,999 bytes instead of 512,000; delete it"
    ):
        fetch([server.serve("/file", whole(BODY))], goal, **KNOWN)
    assert goal.read_bytes() == BODY[:-1]


class TestLies:
    def test_another_length_is_refused_before_the_body_is_read(self, server, goal):
        url = server.serve("/file", whole(BODY + b"more"))
        with pytest.raises(DownloadError, match="/file has 512,004 bytes instead of 512,000"):
            fetch([url], goal, **KNOWN)
        assert names(goal) == set()

    def test_other_bytes_are_refused_and_removed(self, server, goal):
        url = server.serve("/file", whole(BODY[:-1] + b"x"))
        with pytest.raises(DownloadError, match=f"another file than the one that is meant: its sha256 is [0-9a-f]+ instead of {SHA256}"):
            fetch([url], goal, **KNOWN)
        assert names(goal) == set()

    def test_each_kind_of_checksum_is_compared(self, server, goal):
        url = server.serve("/file", whole(BODY))
        right = {"crc32": f"{zlib.crc32(BODY):08x}", "md5": hashlib.md5(BODY).hexdigest(), "sha1": hashlib.sha1(BODY).hexdigest()}
        fetch([url], goal, size=len(BODY), checksums=right)
        for name, digits in right.items():
            goal.unlink()
            wrong = {**right, name: ("1" if digits[0] == "0" else "0") + digits[1:]}
            with pytest.raises(DownloadError, match=f"its {name} is {digits}"):
                fetch([url], goal, size=len(BODY), checksums=wrong)
            goal.write_bytes(b"")

    def test_a_body_without_end_is_cut_off(self, server, goal):
        with pytest.raises(DownloadError, match="has more than 512,000 bytes"):
            fetch([server.serve("/file", endless)], goal, **KNOWN)
        assert names(goal) == set()

    def test_a_body_of_unknown_length_is_not_begun(self, server, goal):
        with pytest.raises(DownloadError, match="does not say how many bytes it has"):
            fetch([server.serve("/file", endless)], goal, checksums={"sha256": SHA256})

    def test_a_compressed_transfer_is_refused(self, server, goal):
        url = server.serve("/file", lambda handler: handler.answer(200, BODY, Content_Length=len(BODY), Content_Encoding="gzip"))
        with pytest.raises(DownloadError, match="Content-Encoding gzip"):
            fetch([url], goal, **KNOWN)

    def test_a_range_that_was_not_asked_for_is_not_pasted_in(self, server, goal):
        def other_range(handler: Handler) -> None:
            handler.answer(206, BODY[7:-993], Content_Length=len(BODY) - 1000, Content_Range=f"bytes 7-{len(BODY) - 993}/{len(BODY)}")

        url = server.serve("/file", in_turn(drops(BODY, 1000), other_range, whole(BODY)))
        fetch([url], goal, **KNOWN)
        assert goal.read_bytes() == BODY

    @pytest.mark.medium
    def test_a_range_is_not_added_to_an_old_part_unasked(self, server, goal):
        whole_as_range = {"Content_Length": len(BODY), "Content_Range": f"bytes 0-{len(BODY) - 1}/{len(BODY)}"}
        url = server.serve("/file", lambda handler: handler.answer(206, BODY, **whole_as_range))
        goal.parent.mkdir()
        goal.with_name("file.bin.part").write_bytes(b"old")
        fetch([url], goal, **KNOWN)
        assert goal.read_bytes() == BODY

    @pytest.mark.medium
    def test_not_http_at_all(self, server, goal):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
            with pytest.raises(DownloadError, match=r"cannot reach .*: it does not answer"):
                fetch([url], goal, **KNOWN, timeout=0.2)


class TestBreaks:
    def test_a_break_is_mended_in_the_same_call(self, server, goal):
        url = server.serve("/file", in_turn(drops(BODY, 100_000), whole(BODY)))
        fetch([url], goal, **KNOWN)
        assert goal.read_bytes() == BODY
        assert server.requests[1][1]["Range"] == "bytes=100000-"
        assert server.requests[1][1]["If-Range"] == '"1"'

    def test_breaks_are_not_mended_for_ever(self, server, goal):
        url = server.serve("/file", drops_again(BODY, 1000))
        with pytest.raises(
            DownloadError, match=r"broke off after 5,000 of 512,000 bytes; download it by hand to .*file\.bin and run again"
        ):
            fetch([url], goal, **KNOWN)
        assert len(server.requests) == 5
        assert names(goal) == {"file.bin.part", "file.bin.part.json"}

    def test_the_next_call_goes_on_from_there(self, server, goal):
        url = server.serve("/file", drops_again(BODY, 1000))
        with pytest.raises(DownloadError):
            fetch([url], goal, **KNOWN)
        server.requests.clear()
        server.serve("/file", whole(BODY))
        fetch([url], goal, **KNOWN)
        assert goal.read_bytes() == BODY
        assert server.requests[0][1]["Range"] == "bytes=5000-"
        assert names(goal) == {"file.bin"}

    def test_a_server_without_ranges_starts_again(self, server, goal):
        url = server.serve("/file", in_turn(drops(BODY, 100_000), whole(BODY, ranges=False)))
        fetch([url], goal, **KNOWN)
        assert goal.read_bytes() == BODY

    def test_a_file_that_changed_meanwhile_starts_again(self, server, goal):
        old = b"o" * len(BODY)
        url = server.serve("/file", in_turn(drops(old, 100_000, etag='"old"'), whole(BODY, etag='"new"')))
        fetch([url], goal, **KNOWN)
        assert goal.read_bytes() == BODY

    def test_without_a_version_nothing_is_resumed(self, server, goal):
        url = server.serve("/file", drops(BODY, 1000, etag='W/"weak"'))
        with pytest.raises(DownloadError, match="broke off"):
            fetch([url], goal, **KNOWN)
        server.serve("/file", whole(BODY))
        server.requests.clear()
        fetch([url], goal, **KNOWN)
        assert "Range" not in server.requests[0][1]

    def test_a_damaged_part_is_fetched_anew(self, server, goal):
        url = server.serve("/file", drops_again(BODY, 1000))
        with pytest.raises(DownloadError):
            fetch([url], goal, **KNOWN)
        part = goal.with_name("file.bin.part")
        part.write_bytes(b"?" + part.read_bytes()[1:])
        server.serve("/file", whole(BODY))
        fetch([url], goal, **KNOWN)
        assert goal.read_bytes() == BODY

    def test_a_part_longer_than_the_file_is_fetched_anew(self, server, goal):
        url = server.serve("/file", drops_again(BODY, 1000))
        with pytest.raises(DownloadError):
            fetch([url], goal, **KNOWN)
        goal.with_name("file.bin.part").write_bytes(BODY + BODY)
        server.serve("/file", whole(BODY))
        fetch([url], goal, **KNOWN)
        assert goal.read_bytes() == BODY

    def test_a_complete_part_needs_no_server(self, server, goal):
        url = server.serve("/file", whole(BODY))
        goal.parent.mkdir()
        goal.with_name("file.bin.part").write_bytes(BODY)
        goal.with_name("file.bin.part.json").write_text(f'{{"url": "{url}", "validator": null, "total": {len(BODY)}}}')
        fetch([url], goal, **KNOWN)
        assert goal.read_bytes() == BODY
        assert server.requests == []

    @pytest.mark.parametrize("state", ["", "[]", "{", '{"url": 7, "validator": 8, "total": "x"}'])
    def test_a_damaged_note_about_the_part_costs_a_restart_only(self, server, goal, state):
        goal.parent.mkdir()
        goal.with_name("file.bin.part").write_bytes(BODY[:100])
        goal.with_name("file.bin.part.json").write_text(state)
        fetch([server.serve("/file", whole(BODY))], goal, **KNOWN)
        assert goal.read_bytes() == BODY

    @pytest.mark.parametrize(
        "behaviour", [never_answers, stalls(BODY, 0), stalls(BODY, 70_000)], ids=["at once", "after headers", "midway"]
    )
    def test_a_stalling_server_is_left(self, server, goal, behaviour):
        url = server.serve("/file", behaviour)
        with pytest.raises(DownloadError, match="it does not answer"):
            fetch([url], goal, **KNOWN, timeout=0.2)


class TestMirrors:
    def test_the_next_mirror_is_tried(self, server, goal):
        urls = [
            server.serve("/gone", fails(404)),
            server.serve("/broken", fails(500)),
            server.serve("/wrong", whole(b"x" * len(BODY))),
            server.serve("/breaks", drops(BODY, 10, etag='W/"weak"')),
            server.serve("/good", whole(BODY)),
        ]
        fetch(urls, goal, **KNOWN)
        assert goal.read_bytes() == BODY
        assert names(goal) == {"file.bin"}

    def test_the_part_of_one_mirror_is_not_continued_from_another(self, server, goal):
        fetch([server.serve("/other", drops(b"x" * len(BODY), 10_000)), server.serve("/good", whole(BODY))], goal, **KNOWN)
        assert goal.read_bytes() == BODY
        assert [headers.get("Range") for path, headers in server.requests if path == "/good"] == [None]

    def test_all_failures_are_told_in_one_line(self, server, goal):
        urls = [server.serve("/gone", fails(404)), server.serve("/broken", fails(503))]
        with pytest.raises(DownloadError) as caught:
            fetch(urls, goal, **KNOWN)
        message = str(caught.value)
        assert "/gone: HTTP 404" in message
        assert "/broken: HTTP 503" in message
        assert message.endswith(f"download it by hand to {goal} and run again")
        assert "\n" not in message

    def test_offline(self, goal):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        with pytest.raises(DownloadError, match=f"cannot reach http://127.0.0.1:{port}/: .*refused.*; download it by hand"):
            fetch([f"http://127.0.0.1:{port}/"], goal, **KNOWN)

    def test_the_proxy_of_the_environment_is_asked(self, server, goal, monkeypatch):
        monkeypatch.setenv("http_proxy", server.url(""))
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        server.serve("http://corpus.invalid/file", whole(BODY))
        fetch(["http://corpus.invalid/file"], goal, **KNOWN)
        assert goal.read_bytes() == BODY


class TestRedirects:
    def test_from_http_to_http(self, server, goal):
        url = server.serve("/file", redirects(server.serve("/there", whole(BODY))))
        fetch([url], goal, **KNOWN)
        assert goal.read_bytes() == BODY

    @pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/file", "data:text/plain,hello", "gopher://x/"])
    def test_never_to_other_schemes(self, server, goal, to):
        with pytest.raises(DownloadError, match=r"only https is followed|not allowed"):
            fetch([server.serve("/file", redirects(to))], goal, **KNOWN)
        assert names(goal) == set()

    def test_never_from_https_to_http(self):
        import urllib.request

        from w2v.datasets.download import _Redirects

        request = urllib.request.Request("https://example.org/file")
        with pytest.raises(DownloadError, match=r"https://example\.org/file redirects to http://example\.org/: only https is followed"):
            _Redirects().redirect_request(request, None, 302, "Found", {}, "http://example.org/")

    def test_not_in_circles(self, server, goal):
        url = server.serve("/file", redirects(server.url("/file")))
        with pytest.raises(DownloadError, match="HTTP 302"):
            fetch([url], goal, **KNOWN)


@pytest.mark.parametrize(
    ("url", "size", "checksums"),
    [
        ("http://example.org/f", 3, {}),
        ("http://example.org/f", 3, {"md5": "0" * 32, "sha1": "0" * 40}),
        ("http://example.org/f", None, {"crc32": "0" * 8}),
        ("ftp://example.org/f", 3, {"sha256": "0" * 64}),
        ("file:///etc/passwd", 3, {"sha256": "0" * 64}),
        ("https:///f", 3, {"sha256": "0" * 64}),
    ],
)
def test_a_url_that_cannot_be_trusted_is_not_fetched(goal, url, size, checksums):
    with pytest.raises(ConfigError, match=r"a URL must be https|http needs a recorded sha256"):
        fetch([url], goal, size=size, checksums=checksums)
    assert not goal.parent.exists()


class TestText:
    def test_arrives(self, server):
        assert fetch_text(server.serve("/list", whole(b"a  b\n"))) == "a  b\n"

    def test_too_long(self, server):
        with pytest.raises(DownloadError, match="more than 100 bytes"):
            fetch_text(server.serve("/list", endless), limit=100)

    def test_broken_off(self, server):
        with pytest.raises(DownloadError, match="broke off after 10 bytes"):
            fetch_text(server.serve("/list", drops(BODY, 10)), limit=len(BODY))
