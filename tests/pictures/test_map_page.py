"""The map in HTML: one file that carries all it needs, in which no word is markup."""

import json
import re
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from w2v.errors import ConfigError
from w2v.pictures.map_page import MOST_WORDS, write_html_map

pytest.importorskip("plotly", reason="plotly is not installed")
WORDS = [
    "king",
    "<img src=x onerror=document.title='hit'>",
    "</script><script>document.title='hit'</script>",
    "<b>b</b>",
    "&lt;",
    "$plotly",
]
WORDS += ["中国", "a\"b'c", "\ud800"]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    points = np.random.default_rng(1).standard_normal((len(WORDS), 2))
    write_html_map(tmp_path / "a.html", WORDS, points, [0] * len(WORDS), [False] * len(WORDS), "a <title> & 模型")
    return tmp_path / "a.html"


def test_words_are_data(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL).group(1)
    assert "<" not in data
    assert json.loads(data)["words"] == WORDS
    assert "<title>a &lt;title&gt; &amp; 模型</title>" in text
    assert "default-src 'none'" in text
    assert not re.search(r"<(script|link|img)[^>]*(src|href)=", text.replace(data, "").split("<script>")[0])


@pytest.mark.browser
def test_a_browser_shows_them_as_they_are_written(page: Path) -> None:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,800"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    window = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        window.get(page.as_uri())
        find = "return [...document.querySelectorAll('.textpoint')].map(label => label.textContent.toWellFormed())"
        end = time.monotonic() + 60
        while not (labels := window.execute_script(find)) and time.monotonic() < end:
            time.sleep(0.1)
        assert {"king", "中国", "<b>b</b>", "&lt;", "$plotly"} <= set(labels)
        assert window.title == "a <title> & 模型"
        assert window.execute_script("return document.querySelectorAll('#map img, #map b').length") == 0
        assert [entry for entry in window.get_log("browser") if entry["level"] == "SEVERE"] == []
    finally:
        window.quit()


def test_too_many_words(tmp_path: Path) -> None:
    n = MOST_WORDS + 1
    with pytest.raises(ConfigError, match="at most 5,000 words"):
        write_html_map(tmp_path / "a.html", ["w"] * n, np.zeros((n, 2)), [0] * n, [False] * n, "m")
    assert not (tmp_path / "a.html").exists()
