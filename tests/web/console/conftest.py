"""A tenant, and a browser on its console."""

import pytest

from helpers.console_browser import ConsoleBrowser


@pytest.fixture
def console():
    return ConsoleBrowser()
