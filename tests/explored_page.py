"""The explorer's page in headless Chromium, for tests."""

from __future__ import annotations

import shutil
import time

import pytest

pytest.importorskip("selenium", reason="selenium is not installed")

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update disable-sync"
WATCH = """
window.attacks = []; window.attacked = (i) => attacks.push(i);
window.violations = [];
document.addEventListener('securitypolicyviolation', (e) => violations.push(`${e.violatedDirective} ${e.blockedURI}`));
window.failures = []; addEventListener('error', (e) => failures.push(e.message));
addEventListener('unhandledrejection', (e) => failures.push(String(e.reason)));
"""
# Each script gets a list and hands back what it saw; `until` is a look at every tick.
UNTIL = """
const done = arguments[arguments.length - 1];
const tick = () => new Promise((resolve) => setTimeout(resolve, 2));
const until = async (look) => { let found; while (!(found = look())) await tick(); return found; };
const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent);
const select = (word) => dispatchEvent(new PopStateEvent('popstate', {state: {word}}));
const empty = () => document.querySelectorAll('.answer').forEach((e) => e.replaceChildren());
"""


def start_browser(profile):
    """A browser that keeps its own things in a folder."""
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in FLAGS.split():
        options.add_argument(f"--{flag}")
    options.add_argument(f"--user-data-dir={profile}")
    options.add_argument("--window-size=1280,820")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))  # with both paths it looks for nothing
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    return driver


class Page:
    """The explorer in a browser window."""

    def __init__(self, driver, address):
        self.driver = driver
        driver.get("about:blank")
        driver.get(address)
        self.until("return document.body.dataset.ready === 'true'")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def run_async(self, script, *arguments):
        self.driver.set_script_timeout(60)
        return self.driver.execute_async_script(UNTIL + script, *arguments)

    def until(self, script, *arguments):
        """Wait until a script returns something true, and return it."""
        end = time.monotonic() + 30
        while not (value := self.run(script, *arguments)):
            assert time.monotonic() < end, f"still false: {script}"
            time.sleep(0.03)
        return value

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def search(self, word):
        field = self.find("#search")
        field.clear()
        field.send_keys(word, Keys.ENTER)

    def words(self, panel="neighbors"):
        return self.run("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", f"#panel-{panel} .list .word")

    def neighbors_of(self, title):
        """Wait for the neighbors of a word."""
        self.until("return document.querySelector('#panel-neighbors .title')?.textContent === arguments[0]", title)
        return self.words()

    def resting(self):
        """Wait until the map has stopped moving; its pixels."""
        self.until(
            "const now = document.getElementById('map').toDataURL(); const same = now === window.before; window.before = now; return same"
        )

    def assert_calm(self):
        """Nothing was executed, blocked or raised."""
        assert self.run("return [attacks, violations, failures]") == [[], [], []]


def size(driver, width, height):
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
