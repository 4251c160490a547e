"""The explorer as one file, opened from the disk in a real browser that has no network."""

from __future__ import annotations

import time

import numpy as np
import pytest
from explored import hostile_words, topic_vectors, vectors_of
from explored_page import BROWSER, DRIVER, Page, size

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from selenium.webdriver.common.keys import Keys

from w2v.explorer.static_page import carried_map, write_map_page
from w2v.vectors.projection import project

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (BROWSER and DRIVER), reason="chromium and chromedriver are not installed"),
]

# Every text that is drawn on a canvas, with the middle of it; every point that is marked.
WATCH_CANVAS = """
window.drawn = new Map(); window.marked = [];
const { fillText: write, arc: circle } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  drawn.set(text, [x + this.measureText(text).width / 2, y]); return write.apply(this, arguments); };
CanvasRenderingContext2D.prototype.arc = function (x, y) { marked.push([x, y]); return circle.apply(this, arguments); };
"""


def written(path, vectors, name="topics.w2v"):
    write_map_page(path, carried_map(vectors, range(len(vectors)), project(vectors.matrix, "pca"), name))
    return path.as_uri()


@pytest.fixture(scope="module")
def file_address(tmp_path_factory):
    return written(tmp_path_factory.mktemp("page") / "topics.html", topic_vectors())


def opened(driver, address, width=1280, scheme="light"):
    features = {"prefers-reduced-motion": "reduce", "prefers-color-scheme": scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": name, "value": value} for name, value in features.items()]})
    driver.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    size(driver, width, 740)
    return Page(driver, address)


@pytest.fixture
def file_page(driver, file_address):
    page = opened(driver, file_address)
    yield page
    assert page.run("return performance.getEntriesByType('resource').map((entry) => entry.name)") == []
    page.assert_calm()


def touch(page, kind, x, y, finger=1, pointer="touch"):
    page.run(
        "const c = document.getElementById('map'), box = c.getBoundingClientRect(); c.setPointerCapture = () => {};"
        "c.dispatchEvent(new PointerEvent(arguments[0], {clientX: box.left + arguments[1], clientY: box.top + arguments[2],"
        "pointerId: arguments[3], pointerType: arguments[4], button: 0}))",
        *(kind, x, y, finger, pointer),
    )


def labels(page):
    """The words written on the map as it stands, but the names of regions: the middle of each."""
    page.resting()
    page.run("drawn.clear(); document.getElementById('map').dispatchEvent(new WheelEvent('wheel', {deltaY: 0.001}))")
    page.until("return drawn.size")
    names = page.run("return [...document.querySelectorAll('.swatches button')].map((e) => e.textContent.trim().replaceAll(' ', ' · '))")
    return {text: place for text, place in page.run("return Object.fromEntries(drawn)").items() if text not in names}


def all_labels(page):
    page.find("#map").send_keys("0")
    return labels(page)


def test_search_completes_and_enter_takes_the_first(file_page):
    field = file_page.find("#search")
    field.send_keys("KI")
    file_page.until("return !document.getElementById('search-list').hidden")
    assert file_page.run("return [...document.querySelectorAll('#search-list .word')].map((e) => e.textContent)") == ["king"]
    field.send_keys(Keys.ENTER)
    vectors = topic_vectors()
    assert file_page.neighbors_of("king") == [neighbor.word for neighbor in vectors.neighbors("king", n=10)]
    shown = file_page.run("return [...document.querySelectorAll('#panel-neighbors .list .number')].map((e) => e.textContent)")
    assert shown == [f"{neighbor.similarity:.3f}" for neighbor in vectors.neighbors("king", n=10)]
    file_page.search("王")
    assert file_page.neighbors_of("王后")
    file_page.find("#panel-neighbors .list button").click()
    file_page.until("return document.querySelector('#panel-neighbors .title')?.textContent !== '王后'")
    file_page.driver.back()
    file_page.neighbors_of("王后")


def test_an_unknown_word_gets_close_ones(file_page):
    file_page.search("breadth")
    file_page.until("return document.querySelector('#panel-neighbors .message')")
    assert "is not on this map" in file_page.find("#panel-neighbors .message").text
    file_page.find("#panel-neighbors .chips button").click()
    file_page.neighbors_of("bread")


@pytest.mark.parametrize("width", [1280, 375])
def test_a_click_on_a_label_or_a_dot_selects_and_shows_the_neighbors(driver, file_address, width):
    page = opened(driver, file_address, width)
    page.run(WATCH_CANVAS)
    texts = list(all_labels(page))
    assert len(texts) > 3
    for text in texts[:4]:
        place = all_labels(page)[text]
        touch(page, "pointerdown", *place)
        touch(page, "pointerup", *place)
        page.neighbors_of(text)
        page.find("body").send_keys(Keys.ESCAPE)
        assert not page.all("#panel-neighbors .title")
    page.run("marked.length = 0")
    page.search("soup")  # the dots of a word and its neighbors are all on the screen
    page.neighbors_of("soup")
    page.until("return marked.length >= 11")
    page.resting()
    box = page.run("const {clientWidth, clientHeight} = document.getElementById('map'); return [clientWidth, clientHeight]")
    dots = page.run("return marked.slice(-11)")
    assert all(0 < x < box[0] and 0 < y < box[1] for x, y in dots)
    other = next(dot for dot in dots if np.hypot(*np.subtract(dot, dots[-1])) > 40)
    touch(page, "pointerdown", *other)
    touch(page, "pointerup", *other)
    page.until("return document.querySelector('#panel-neighbors .title')?.textContent !== 'soup'")
    page.assert_calm()


def test_fingers_move_and_pinch(driver, file_address):
    page = opened(driver, file_address, 375)
    page.run(WATCH_CANVAS)
    before = all_labels(page)

    def after(*events):
        for event in events:
            touch(page, *event)
        return labels(page)

    def spread(places):
        return float(np.hypot(*np.ptp(np.array([places[text] for text in common]), axis=0)))

    moved = after(("pointerdown", 100, 100), ("pointermove", 110, 120), ("pointermove", 130, 140), ("pointerup", 130, 140))
    common = [text for text in before if text in moved]
    shift = np.median([np.subtract(moved[text], before[text]) for text in common], axis=0)
    assert shift == pytest.approx([30, 40], abs=2)
    pinch = [("pointerdown", 170, 170, 1), ("pointerdown", 200, 170, 2), ("pointermove", 150, 170, 1), ("pointermove", 215, 170, 2)]
    zoomed = after(*pinch, ("pointerup", 150, 170, 1), ("pointerup", 215, 170, 2))
    common = [text for text in moved if text in zoomed]
    assert spread(zoomed) > 1.4 * spread(moved)
    page.assert_calm()


def test_there_is_one_question_and_a_legend(file_page):
    for hidden in (".tabs", "#restrict-choice", "#arrange-choice", "#refused", "#panel-analogy"):
        assert not file_page.find(hidden).is_displayed()
    file_page.run("document.getElementById('legend').open = true")
    button = file_page.find(".swatches button")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    file_page.run("const s = document.getElementById('color'); s.value = 'frequency'; s.dispatchEvent(new Event('change'))")
    assert file_page.find("#legend-body").text.split() == ["85", "126", "times"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_dark_and_light_on_any_screen(driver, file_address, scheme, width):
    page = opened(driver, file_address, width, scheme)
    back = page.run("return getComputedStyle(document.querySelector('.map')).backgroundColor")
    assert (sum(map(int, back[4:-1].split(","))) > 600) == (scheme == "light")
    assert page.run("return document.documentElement.scrollWidth") == width
    assert page.run("return document.documentElement.scrollHeight") <= 740
    boxes = page.run("return ['search', 'map'].map((id) => document.getElementById(id).getBoundingClientRect().toJSON())")
    assert all(box["left"] >= 0 and box["right"] <= width and box["height"] > 30 for box in boxes)
    page.assert_calm()


def test_save_picture(file_page, tmp_path):
    image = pytest.importorskip("PIL.Image", reason="pillow is not installed")
    file_page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    file_page.find("#save-picture").click()
    end = time.monotonic() + 20
    while not (files := list(tmp_path.glob("*.png"))):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert files[0].name == "topics map.png"
    with image.open(files[0]) as picture:
        assert len(picture.convert("RGB").getcolors(1 << 20)) > 50


def test_hostile_words_are_text(driver, tmp_path):
    words = [*hostile_words(60), "👩\u200d👩\u200d👧", "e\u0301", "שלום", "a\nb", "\ud800x", " "]
    page = opened(driver, written(tmp_path / "a.html", vectors_of(words), "<img src=x onerror=attacked(-1)>"))
    assert page.find("#name").text == "<img src=x onerror=attacked(-1)>"
    titles = page.run_async(
        """
        (async () => {
          const seen = [];
          for (const word of arguments[0]) {
            empty();
            select(word);
            seen.push((await until(() => document.querySelector('#panel-neighbors .title .word'))).textContent.toWellFormed());
          }
          done(seen);
        })();
        """,
        [word for word in words if "\ud800" not in word],
    )
    assert len({*titles}) == len(words) - 1
    page.search("é")  # composed, as people type it
    page.until("return document.querySelector('#panel-neighbors .title')?.textContent === arguments[0]", "e\u0301")
    assert page.run("return document.querySelectorAll('img, iframe, svg, b').length") == 0
    page.assert_calm()
