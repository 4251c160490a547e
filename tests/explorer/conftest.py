"""A browser, an explorer and its page in it, for the tests of this folder."""

from __future__ import annotations

import pytest
from explored import running, save, topic_vectors


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    from explored_page import BROWSER, DRIVER, FLAGS, WATCH

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in FLAGS.split():
        options.add_argument(f"--{flag}")
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    options.add_argument("--window-size=1280,820")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))  # with both paths it looks for nothing
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with running(save(topic_vectors(), tmp_path_factory.mktemp("model") / "topics.w2v"), "--method", "pca") as address:
        yield address


@pytest.fixture
def page(driver, address):
    from explored_page import Page, size

    size(driver, 1280, 820)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
    page = Page(driver, address)
    yield page
    page.assert_calm()
