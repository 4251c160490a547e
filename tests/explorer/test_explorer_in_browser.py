"""The page in a real browser: headless Chromium, driven by selenium."""

from __future__ import annotations

import io
import json
import time

import numpy as np
import pytest
from explored import hostile_words, running, save, topic_vectors, vectors_of
from explored_page import BROWSER, DRIVER, Page, size

pytest.importorskip("selenium", reason="selenium is not installed")
pytest.importorskip("starlette", reason="starlette is not installed")
pytest.importorskip("uvicorn", reason="uvicorn is not installed")
pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (BROWSER and DRIVER), reason="chromium and chromedriver are not installed"),
]


def test_search_with_completion(page):
    field = page.find("#search")
    field.send_keys("KI")
    page.until("return !document.getElementById('search-list').hidden")
    options = page.all("#search-list [role=option]")
    assert [option.find_element(By.CLASS_NAME, "word").text for option in options] == ["king"]
    assert field.get_attribute("aria-expanded") == "true"
    field.send_keys(Keys.ARROW_DOWN)
    assert field.get_attribute("aria-activedescendant") == options[0].get_attribute("id")
    field.send_keys(Keys.ENTER)
    assert set(page.neighbors_of("king")[:3]) == {"queen", "prince", "throne"}
    widths = page.run("return [...document.querySelectorAll('.list .bar span')].map((e) => parseFloat(e.style.width))")
    assert widths == sorted(widths, reverse=True)
    assert 60 < widths[0] <= 100
    assert field.get_attribute("aria-expanded") == "false"


def test_enter_takes_the_first_completion(page):
    field = page.find("#search")
    field.send_keys("que")
    page.until("return !document.getElementById('search-list').hidden")
    field.send_keys(Keys.ENTER)
    page.neighbors_of("queen")
    page.search("prin")  # before the completions are there
    page.neighbors_of("prince")
    page.search("word1")  # a word, and the beginning of others
    page.neighbors_of("word1")
    page.find("#tab-similarity").click()
    page.find("#similarity-a").send_keys("kin", Keys.ENTER)
    page.until("return document.activeElement.id === 'similarity-b'")
    assert page.find("#similarity-a").get_attribute("value") == "king"
    page.find("#similarity-b").send_keys("thr", Keys.ENTER)  # the last field: the question is sent
    page.until("return document.querySelector('#panel-similarity .large')")
    assert page.find("#similarity-b").get_attribute("value") == "throne"


def test_escape_takes_back_a_completion_that_is_under_way(page):
    page.run(
        "const fetchNow = window.fetch; window.answered = false;"
        "window.fetch = async (url, options) => {"
        "  const answer = await fetchNow(url, {...options, signal: undefined});"
        "  await new Promise((resolve) => { window.release = resolve; });"
        "  setTimeout(() => { window.answered = true; }, 50); options.signal.throwIfAborted(); return answer; };"
    )
    field = page.find("#search")
    field.send_keys("k")
    page.until("return window.release !== undefined")
    field.send_keys(Keys.ESCAPE)
    page.run("release()")
    page.until("return window.answered")
    assert (field.get_attribute("value"), field.get_attribute("aria-expanded")) == ("", "false")


def test_words_are_cut_by_characters_and_not_by_units(page):
    lengths = page.run_async(
        "(async () => { const { shortened } = await import('/text.js');"
        "done(arguments[0].map((text) => [...shortened(text, 32)].length)); })();",
        ["x" * 32, "x" * 33, "\U00020000" * 32, "\U00020000" * 33, "a\U00020000" * 50],
    )
    assert lengths == [32, 32, 32, 32, 32]


def test_click_a_neighbor_and_go_back(page):
    page.search("bread")
    first = page.neighbors_of("bread")[0]
    page.find("#panel-neighbors .list button").click()
    assert "bread" in page.neighbors_of(first)[:3]
    page.driver.back()
    assert page.neighbors_of("bread")[0] == first
    page.driver.refresh()  # the token stays in the tab, and so does the word
    page.until("return document.body.dataset.ready === 'true'")
    assert page.neighbors_of("bread")[0] == first
    assert "#" not in page.driver.current_url


def place_of(page, word):
    """Where the map names a word under the pointer, in pixels from the middle of it."""
    place = page.run(
        "const c = document.getElementById('map'), box = c.getBoundingClientRect(), named = document.getElementById('tip');"
        "const put = (x, y) => c.dispatchEvent("
        "new PointerEvent('pointermove', {clientX: box.left + x, clientY: box.top + y, pointerId: 1}));"
        "for (let y = 4; y < box.height; y += 6) for (let x = 4; x < box.width; x += 6) { put(x, y);"
        "if (!named.hidden && named.querySelector('.word').textContent === arguments[0])"
        "return [Math.round(x - box.width / 2), Math.round(y - box.height / 2)] }",
        word,
    )
    assert place, f"{word} is not on the screen"
    return place


def test_hover_and_click_on_the_map(page):
    page.search("soup")
    page.neighbors_of("soup")
    page.resting()
    place = place_of(page, "soup")
    page.find("#search").send_keys("x")
    chain = webdriver.ActionChains(page.driver)
    chain.move_to_element_with_offset(page.find("#map"), *place).perform()
    assert page.until("return !document.getElementById('tip').hidden && document.querySelector('#tip .word').textContent") == "soup"
    assert page.find("#tip .number").text == "120 times"
    page.search("king")
    page.neighbors_of("king")
    page.resting()
    chain.move_by_offset(0, 250 if place[1] < 0 else -250).move_by_offset(1, 1).perform()
    page.until("return document.getElementById('tip').hidden || document.querySelector('#tip .word').textContent !== 'soup'")
    page.driver.back()
    page.neighbors_of("soup")
    page.resting()
    chain.move_to_element_with_offset(page.find("#map"), *place_of(page, "soup")).click().perform()
    page.neighbors_of("soup")


def test_pan_and_zoom_by_mouse_and_keys(page):
    canvas = page.find("#map")
    pictures = set()
    look = lambda: pictures.add(page.run("return document.getElementById('map').toDataURL()"))  # noqa: E731
    page.resting()
    look()
    webdriver.ActionChains(page.driver).drag_and_drop_by_offset(canvas, 120, 60).perform()
    page.resting()
    look()
    webdriver.ActionChains(page.driver).scroll_from_origin(
        webdriver.common.actions.wheel_input.ScrollOrigin.from_element(canvas), 0, -300
    ).perform()
    page.resting()
    look()
    for key in (Keys.ARROW_LEFT, Keys.ARROW_UP, "+", "-", "0"):
        canvas.send_keys(key)
        page.resting()
        look()
    assert len(pictures) >= 6  # 0 goes back to where it began
    assert page.driver.switch_to.active_element == canvas


def test_analogy(page):
    page.find("#tab-analogy").click()
    for name, word in zip("abc", ("king", "queen", "国王"), strict=True):
        field = page.find(f"#analogy-{name}")
        field.send_keys(word)
        page.until("return !document.getElementById(arguments[0]).hidden", f"analogy-{name}-list")
        field.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert page.find("#analogy-c").get_attribute("value") == "国王"
    page.find("#analogy .ask").click()
    page.until("return document.querySelectorAll('#panel-analogy .list button').length")
    expected = [near.word for near in topic_vectors().analogy("king", "queen", "国王", 20)]
    assert page.words("analogy") == expected
    page.run("const s = document.getElementById('analogy-method'); s.value = '3cosmul'; s.dispatchEvent(new Event('change'))")
    by_product = [near.word for near in topic_vectors().analogy("king", "queen", "国王", 20, method="3cosmul")]
    page.until(
        "return JSON.stringify([...document.querySelectorAll('#panel-analogy .list .word')].map((e) => e.textContent)) === arguments[0]",
        json.dumps(by_product, ensure_ascii=False, separators=(",", ":")),
    )


def test_similarity_and_unknown_words(page):
    page.find("#tab-neighbors").send_keys(Keys.ARROW_LEFT)
    page.find("#similarity-a").send_keys("king")
    page.find("#similarity-b").send_keys("quen", Keys.ENTER)
    chip = page.until("return document.querySelector('#panel-similarity .chips button')")
    assert "not in the vocabulary" in page.find("#panel-similarity .message").text
    assert chip.text == "queen"
    chip.click()
    page.until("return document.querySelector('#panel-similarity .large')")
    assert page.find("#panel-similarity .large").text == f"{topic_vectors().similarity('king', 'queen'):.3f}"
    page.search("nothing-like-it")
    page.until("return document.querySelector('#panel-neighbors .message')")
    assert page.find("#panel-neighbors .message .word").text == "nothing-like-it"


def test_an_unknown_word_stays_the_question(page):
    page.search("salt")
    page.neighbors_of("salt")
    page.search("nothing-like-it")
    page.until("return window.message = document.querySelector('#panel-neighbors .message')")
    page.run("document.getElementById('restrict').dispatchEvent(new Event('change'))")  # asks again, among other words
    page.until("return !message.isConnected && document.querySelector('#panel-neighbors .answer .word')")
    assert page.find("#panel-neighbors .answer .word").text == "nothing-like-it"


def test_keys(page):
    page.find("body").send_keys("/")
    assert page.driver.switch_to.active_element == page.find("#search")
    page.search("salt")
    second = page.neighbors_of("salt")[1]
    buttons = page.all("#panel-neighbors .list button")
    buttons[0].send_keys(Keys.ARROW_DOWN)
    page.driver.switch_to.active_element.send_keys(Keys.ENTER)
    first = page.neighbors_of(second)[0]
    assert page.driver.switch_to.active_element.find_element(By.CLASS_NAME, "word").text == first
    page.find("body").send_keys(Keys.ESCAPE)
    page.until("return !document.querySelector('#panel-neighbors .title')")
    assert page.find(".hint").is_displayed()


def test_every_control_has_a_name(page):
    nameless = page.run(
        "return [...document.querySelectorAll('button, input, select, canvas#map')].filter((e) => !(e.getAttribute('aria-label') || "
        "e.textContent.trim() || e.labels?.[0]?.textContent.trim())).map((e) => e.outerHTML)"
    )
    assert nameless == []


def test_colors(page):
    page.resting()
    before = colors_of(page)
    page.run("const s = document.getElementById('color'); s.value = 'frequency'; s.dispatchEvent(new Event('change'))")
    page.resting()
    assert colors_of(page) != before
    assert page.find("#legend-body").text.split() == ["85", "126", "times"]


def colors_of(page):
    script = (
        "const c = document.getElementById('map'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, found = {};"
        "for (let i = 0; i < d.length; i += 4) {const k = d.slice(i, i + 3).join(' '); found[k] = (found[k] ?? 0) + 1} return found"
    )
    return page.run(script)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_the_screen_is_not_blank_and_nothing_is_cut_off(page, scheme, width):
    image = pytest.importorskip("PIL.Image", reason="pillow is not installed")
    size(page.driver, width, 740)
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    page.search("王后")
    page.neighbors_of("王后")
    page.resting()
    pixels = np.asarray(image.open(io.BytesIO(page.driver.get_screenshot_as_png())).convert("L"), np.float64)
    assert (pixels.mean() > 200) if scheme == "light" else (pixels.mean() < 60)
    assert len(np.unique(pixels)) > 100
    assert len(colors_of(page)) > 50
    assert page.run("return document.documentElement.scrollWidth") == width
    boxes = page.run(
        "return ['search', 'map', 'panel-neighbors'].map((id) => document.getElementById(id).getBoundingClientRect().toJSON())"
    )
    assert all(box["left"] >= 0 and box["right"] <= width and box["height"] > 30 for box in boxes)


def test_without_the_token_there_is_only_a_message(driver, address):
    driver.get("about:blank")
    driver.execute_script("window.name = ''")
    driver.get(address.partition("#")[0])
    driver.execute_script("sessionStorage.clear()")
    driver.get("about:blank")
    driver.get(address.partition("#")[0])
    end = time.monotonic() + 20
    while "token" not in driver.find_element(By.ID, "progress").text:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert driver.find_elements(By.CSS_SELECTOR, ".list button") == []
    told = driver.find_element(By.ID, "refused")
    assert told.is_displayed()
    assert "w2v explore" in told.text
    assert told.size == driver.execute_script("return {width: innerWidth, height: innerHeight}")


def test_200_hostile_words_in_every_view(driver, tmp_path):
    words = hostile_words(200)
    size(driver, 1280, 820)
    with running(save(vectors_of(words), tmp_path / "<img src=x onerror=attacked(-1)>.w2v"), "--method", "pca") as address:
        page = Page(driver, address)
        assert page.find("#name").text == "<img src=x onerror=attacked(-1)>.w2v"
        for color in ("frequency", "cluster"):
            page.run("const s = document.getElementById('color'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))", color)
        page.run("document.getElementById('legend').open = true; document.querySelector('.swatches button').click()")
        seen = page.run_async(ASK_EVERYWHERE, [[words[i], words[i - 1]] for i in range(0, 200, 9)])
        assert len(seen) > 150
        assert len(page.run_async(ASK_EACH, words)) == 200
        assert min(page.run_async(COMPLETE, ["<", "'", '"', "j", "$", "&", "\u202e"])) == 8
        hover_everything(page)
        assert len(page.run_async(ASK_EACH, [word + "!" for word in words[:20]])) == 20  # unknown words
        time.sleep(0.5)  # for an image that cannot be loaded
        assert page.run("return document.querySelectorAll('img, iframe, svg, b').length") == 0
        page.assert_calm()


# Each script gets a list and hands back what it saw; `until` is a look at every tick.
# Word and other word in all forms: the answers of all panels, which are in the page at the same time.
ASK_EVERYWHERE = """
(async () => {
  const seen = new Set();
  for (const [word, other] of arguments[0]) {
    empty();
    const fields = {'analogy-a': word, 'analogy-b': other, 'analogy-c': word, 'similarity-a': word, 'similarity-b': other};
    for (const [id, value] of Object.entries(fields)) document.getElementById(id).value = value;
    for (const id of ['analogy', 'similarity']) document.getElementById(id).requestSubmit();
    select(word);
    await until(() => [...document.querySelectorAll('.answer')].every((e) => e.children.length));
    texts('.list .word').forEach((text) => seen.add(text));
  }
  done([...seen]);
})();
"""
# Each word as the one that is asked for, known or not: heading or message, and title.
ASK_EACH = """
(async () => {
  const seen = new Set();
  for (const word of arguments[0]) {
    empty();
    select(word);
    seen.add((await until(() => document.querySelector('#panel-neighbors .title .word'))).title + document.title);
  }
  done([...seen]);
})();
"""
COMPLETE = """
(async () => {
  const numbers = [], search = document.getElementById('search');
  search.focus();
  for (const beginning of arguments[0]) {
    search.value = beginning;
    search.dispatchEvent(new Event('input'));
    await until(() => texts('#search-list li').length);
    numbers.push(texts('#search-list li').length);
  }
  done(numbers);
})();
"""


def hover_everything(page):
    """The pointer over all of the map, so that each word is under it once."""
    page.run("document.getElementById('show-all').click()")
    page.resting()
    shown = page.run(
        "const c = document.getElementById('map'), box = c.getBoundingClientRect(), found = new Set();"
        "for (let y = 0; y < box.height; y += 13) for (let x = 0; x < box.width; x += 13) {"
        "c.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + x, clientY: box.top + y, pointerId: 1}));"
        "const tip = document.querySelector('#tip:not([hidden]) .word'); if (tip) found.add(tip.textContent)} return found.size"
    )
    assert shown > 150


@pytest.mark.slow
def test_50000_words_stay_in_motion(driver, tmp_path, record_property):
    size(driver, 1280, 820)
    words = [f"w{i}" for i in range(50_000)]
    with running(save(vectors_of(words, dim=8), tmp_path / "large.w2v"), "--method", "pca", "--top", "50000") as address:
        page = Page(driver, address)
        frames = page.run_async(
            """
            const canvas = document.getElementById('map'), times = [];
            const send = (type, x) => canvas.dispatchEvent(new PointerEvent(type, {clientX: x, clientY: 400, pointerId: 1, button: 0}));
            canvas.setPointerCapture = () => {};
            send('pointerdown', 600);
            let before = performance.now(), x = 600;
            const frame = (now) => {
              times.push(now - before); before = now; send('pointermove', x += 3);
              if (times.length < 60) requestAnimationFrame(frame); else { send('pointerup', x); done(times.slice(5)); }
            };
            requestAnimationFrame(frame);
            """
        )
        median = float(np.median(frames))
        record_property("median milliseconds of a frame", median)  # for information: a loaded machine may take any time
        print(f"50,000 words, panned: median frame {median:.1f} ms, 90 % under {np.percentile(frames, 90):.1f} ms")
        assert len(colors_of(page)) > 100
        page.assert_calm()
