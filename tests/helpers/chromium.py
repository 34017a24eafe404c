"""The Chromium that the tests run, and the driver of Playwright."""

import asyncio
import contextlib
import os
import shutil

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium():
    """Return the path of Chromium's headless shell, or else of Chromium, or None.

    Both have the same engine, and Playwright runs the shell by default. With it, a new context takes
    a fifth of the processor time.
    """
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


def require_chromium():
    """Return the path of a Chromium, or skip the test."""
    return find_chromium() or skip_without("Chromium", "apt-get install chromium-headless-shell")


def require_full_chromium():
    """Return the path of Chromium with the settings of its windows, or skip the test."""
    return shutil.which("chromium") or skip_without("Chromium", "apt-get install chromium")


def skip_without(tool, install):
    """Skip the test with the command that installs a tool. In CI, fail, as nothing may be skipped."""
    message = f"{tool} is missing: {install}"
    (pytest.fail if os.environ.get("CI") else pytest.skip)(message)


class Driver:
    """Playwright, and a browser that modules share. Both start once for each worker.

    Playwright marks its event loop as running in this thread, in which other tests run loops of
    their own. So it has to be paused between modules.
    """

    def __init__(self, playwright):
        self._playwright = playwright
        self._loop = asyncio.get_running_loop()
        self._shared = None

    def pause(self):
        asyncio._set_running_loop(None)

    def resume(self):
        asyncio._set_running_loop(self._loop)

    def launch(self, rules, program=None):
        """Start a browser which resolves only the names that have a rule."""
        return self._playwright.chromium.launch(
            executable_path=program or require_chromium(),
            args=[*FLAGS, f"--host-resolver-rules={', '.join([*rules, 'MAP * ~NOTFOUND'])}"],
        )

    def shared_browser(self, rules):
        """Return the shared browser. All calls have the same rules."""
        if self._shared is None or not self._shared.is_connected():
            self._shared = self.launch(rules)
        return self._shared


@contextlib.contextmanager
def running_driver():
    """Run the driver of Playwright, which is paused first, or skip the test."""
    require_chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip_without("playwright", "pip install playwright")
    with sync_playwright() as playwright:
        driver = Driver(playwright)
        driver.pause()
        yield driver
        driver.resume()
