"""Pages, and the parser for them."""

import pytest

from helpers.html_page import Page
from mockidp.web.pages.pages import Pages


@pytest.fixture(scope="session")
def pages():
    return Pages()


@pytest.fixture(scope="session")
def parse():
    return Page
