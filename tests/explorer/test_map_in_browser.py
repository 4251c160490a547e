"""The map of the explorer in a real browser: labels, views, colors."""

from __future__ import annotations

import time

import pytest
from explored import running, save, vectors_of
from explored_page import BROWSER, DRIVER, Page, size

pytest.importorskip("starlette", reason="starlette is not installed")
pytest.importorskip("uvicorn", reason="uvicorn is not installed")
pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from selenium.webdriver.common.keys import Keys

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (BROWSER and DRIVER), reason="chromium and chromedriver are not installed"),
]

# Every text that is drawn on a canvas, with the middle of it in pixels of the canvas.
WATCH_LABELS = """
if (!window.drawn) {
  window.drawn = new Map();
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    drawn.set(text, [x + this.measureText(text).width / 2, y, this.measureText(text).width]);
    return write.apply(this, arguments);
  };
}
"""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """Long words, and short ones whose points lie under their labels."""
    words = [f"long-word-number-{i}" for i in range(12)] + [f"s{i}" for i in range(400)]
    with running(save(vectors_of(words), tmp_path_factory.mktemp("model") / "crowded.w2v"), "--method", "pca") as address:
        yield address


def opened(driver, address):
    size(driver, 1280, 820)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
    return Page(driver, address)


def labels_of(page):
    """The labels on the map of all words by their text: where the middle is, and how wide."""
    page.find("#map").send_keys("0")
    page.resting()
    page.run(WATCH_LABELS)
    page.find("#map").send_keys("0")
    page.until("return drawn.size")
    return page.run("return Object.fromEntries(drawn)")


def send(page, kind, x, y):
    page.run(
        "const c = document.getElementById('map'), box = c.getBoundingClientRect(); c.setPointerCapture = () => {};"
        "c.dispatchEvent(new PointerEvent(arguments[0],"
        "{clientX: box.left + arguments[1], clientY: box.top + arguments[2], pointerId: 1, pointerType: 'mouse', button: 0}))",
        *(kind, x, y),
    )


def test_a_click_on_a_label_selects_its_word(driver, crowded):
    page = opened(driver, crowded)
    texts = [text for text in labels_of(page) if text.startswith("long") and " · " not in text]
    assert len(texts) > 5
    for text in texts[:6]:
        page.find("body").send_keys(Keys.ESCAPE)
        x, y, width = labels_of(page)[text]
        for place in (x + 0.45 * width, x - 0.45 * width, x):
            send(page, "pointermove", place, y)
            page.resting()
            assert page.run("return document.querySelector('#tip .word').textContent") == text
        send(page, "pointerdown", x, y)
        send(page, "pointerup", x, y)
        page.neighbors_of(text)
    page.assert_calm()


WATCH_MARKS = """
window.marked = [];
const circle = CanvasRenderingContext2D.prototype.arc;
CanvasRenderingContext2D.prototype.arc = function (x, y, radius) { marked.push([x, y]); return circle.apply(this, arguments); };
"""


@pytest.mark.parametrize("width", [1280, 375])
def test_a_chosen_word_and_its_neighbors_are_on_the_screen(page, width):
    size(page.driver, width, 820)
    page.run(WATCH_MARKS)
    canvas = page.run("const {clientWidth, clientHeight} = document.getElementById('map'); return [clientWidth, clientHeight]")
    for word in ("soup", "国王", "word7"):
        for _ in range(6):
            page.find("#zoom-in").click()
        page.run("marked.length = 0")
        page.search(word)
        page.neighbors_of(word)
        page.until("return marked.length >= 21")  # the word and its 20 neighbors
        page.resting()
        places = page.run("return marked.slice(-21)")
        assert all(0 < x < canvas[0] and 0 < y < canvas[1] for x, y in places)


def test_arrows_end_with_their_tab(page):
    page.run(
        "window.lines = 0; const line = CanvasRenderingContext2D.prototype.lineTo;"
        "CanvasRenderingContext2D.prototype.lineTo = function () { lines++; return line.apply(this, arguments); };"
    )
    redraw = "window.lines = 0; document.getElementById('show-all').click()"
    page.find("#tab-similarity").click()
    page.find("#similarity-a").send_keys("king")
    page.find("#similarity-b").send_keys("soup", Keys.ENTER)
    page.until("return document.querySelector('#panel-similarity .large')")
    page.until("return window.lines > 0")
    page.find("#tab-neighbors").click()
    page.run(redraw)
    page.resting()
    assert page.run("return lines") == 0
    page.find("#tab-similarity").click()
    page.until("return window.lines > 0")


def test_the_bar_of_a_similarity_goes_from_minus_1_to_1(page):
    ends = page.run_async(
        "(async () => { const { signedBar } = await import('/lists.js'); done(arguments[0].map((value) => {"
        "const { left, width } = signedBar(value).firstChild.style;"
        "return [parseFloat(left), parseFloat(left) + parseFloat(width)]; })); })();",
        [-1, -0.5, 0, 0.25, 1],
    )
    assert ends == [[0, 50], [25, 50], [50, 50], [50, 62.5], [50, 100]]
    page.find("#tab-similarity").click()
    page.find("#similarity-a").send_keys("king")
    page.find("#similarity-b").send_keys("queen", Keys.ENTER)
    box = page.until("return document.querySelector('.signed-bar span')?.getBoundingClientRect().toJSON()")
    whole = page.run("return document.querySelector('.signed-bar').getBoundingClientRect().toJSON()")
    assert box["left"] == pytest.approx(whole["left"] + whole["width"] / 2, abs=1)
    assert box["height"] == 10


def test_colors_of_frequency_spread_by_rank(page):
    shares = page.run_async(
        "(async () => { const { frequencies } = await import('/legend.js'); done(arguments[0].map(frequencies)); })();",
        [[1_000_000, 30, 20, 20, 1], [0, 0, 0], [5]],
    )
    assert shares == [[1, 0.75, 0.5, 0.5, 0], [1, 0.5, 0], [1]]


def test_save_picture(page, tmp_path):
    image = pytest.importorskip("PIL.Image", reason="pillow is not installed")
    page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    page.find("#save-picture").click()
    end = time.monotonic() + 20
    while not (files := list(tmp_path.glob("*.png"))):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert files[0].name == "topics map.png"
    with image.open(files[0]) as picture:
        assert list(picture.size) == page.run("const {width, height} = document.getElementById('map'); return [width, height]")
        assert len(picture.convert("RGB").getcolors(1 << 20)) > 50


def test_regions_carry_their_names_until_a_word_is_chosen(page):
    listed = page.run("return [...document.querySelectorAll('.swatches button')].map((b) => b.textContent.trim().replaceAll(' ', ' · '))")
    written = [text for text in labels_of(page) if " · " in text]
    assert written
    assert {*written} <= {*listed}
    x, y, _ = labels_of(page)[written[0]]
    for pressed in ("true", "false"):  # a click on a name is one on its line in the legend
        send(page, "pointermove", x, y)
        assert not page.find("#tip").is_displayed()
        send(page, "pointerdown", x, y)
        send(page, "pointerup", x, y)
        page.resting()
        buttons = page.all(".swatches button")
        assert buttons[listed.index(written[0])].get_attribute("aria-pressed") == pressed
    page.search("soup")
    page.neighbors_of("soup")
    page.resting()
    page.run("drawn.clear(); document.getElementById('show-all').click()")
    page.until("return drawn.size")
    assert not [text for text in page.run("return [...drawn.keys()]") if " · " in text]


@pytest.mark.parametrize("width", [1280, 375])
def test_the_legend_is_in_the_panel_and_covers_nothing(page, width):
    size(page.driver, width, 820)
    page.run("document.getElementById('legend').open = true")
    box_of = "return document.getElementById(arguments[0]).getBoundingClientRect().toJSON()"
    legend, canvas, answers = (page.run(box_of, name) for name in ("legend", "map", "panel-neighbors"))
    assert legend["right"] <= canvas["left"] or legend["top"] >= canvas["bottom"]
    assert legend["bottom"] <= 820
    assert answers["top"] < legend["top"]
    page.run("document.querySelector('.swatches button').click()")
    assert page.run("return document.querySelector('.swatches button').getAttribute('aria-pressed')") == "true"
    page.run("const s = document.getElementById('color'); s.value = 'frequency'; s.dispatchEvent(new Event('change'))")
    assert page.run("const { scrollWidth, clientWidth } = document.getElementById('legend'); return scrollWidth <= clientWidth")
    assert page.run("return document.querySelector('.scale canvas').getBoundingClientRect().width") > 100
