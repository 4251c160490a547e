"""The page of a training in a real browser without a network: the map in it, its colors, paper."""

from __future__ import annotations

import pytest
from explored import topic_vectors
from explored_page import BROWSER, DRIVER, Page, size, start_browser

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from w2v.formats import save
from w2v.training_report import training_page
from w2v.vectors.projection import project

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (BROWSER and DRIVER), reason="chromium and chromedriver are not installed"),
]


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    driver = start_browser(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def report_address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    save(topic_vectors(), folder / "topics.npz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training_page, "project", lambda matrix, on_progress: project(matrix, "pca"))
        return training_page.write_report(folder / "topics.npz", folder / "topics.html").as_uri()


def media(driver, scheme, medium=""):
    features = {"prefers-reduced-motion": "reduce", "prefers-color-scheme": scheme}
    listed = [{"name": name, "value": value} for name, value in features.items()]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": listed})


def test_the_map_is_a_part_of_the_page(driver, report_address):
    size(driver, 1280, 740)
    media(driver, "light")
    page = Page(driver, report_address)
    assert page.run("return performance.getEntriesByType('resource').length") == 0
    page.search("kin")
    assert {*page.neighbors_of("king")[:3]} == {"queen", "prince", "throne"}
    page.run("document.activeElement.blur(); window.scrollTo(0, 0)")
    wheel = (
        "const event = new WheelEvent('wheel', {deltaY: 40, cancelable: true, bubbles: true});"
        "document.getElementById('map').dispatchEvent(event); return event.defaultPrevented"
    )
    assert not page.run(wheel)  # the page scrolls
    page.run("document.getElementById('map').focus()")
    assert page.run(wheel)  # the map zooms
    page.assert_calm()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_dark_light_and_paper(driver, report_address, scheme, width):
    size(driver, width, 740)
    media(driver, scheme)
    page = Page(driver, report_address)
    assert page.run("return document.documentElement.scrollWidth") <= width
    brightness = "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => +a + +b, 0)"
    corner = "return [...document.getElementById('map').getContext('2d').getImageData(2, 2, 1, 1).data].slice(0, 3).reduce((a, b) => a + b)"
    assert (page.run(brightness) > 600) == (page.run(corner) > 600) == (scheme == "light")
    media(driver, scheme, "print")
    page.until("return getComputedStyle(document.querySelector('.tools')).display === 'none'")
    page.until(corner + " > 700")  # paper is white
    assert page.run(brightness) == 765
    media(driver, scheme)
    page.assert_calm()
