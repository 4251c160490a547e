"""A browser, an explorer and its page in it, for the tests of this folder."""

from __future__ import annotations

import pytest
from explored import running, save, topic_vectors


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    pytest.importorskip("selenium", reason="selenium is not installed")
    from explored_page import start_browser

    driver = start_browser(tmp_path_factory.mktemp("chromium"))
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
