"""The Chromium that the tests run."""

import os
import shutil

import pytest


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
