"""Containers, and the numbers that are printed at the end."""

import pytest

from helpers import engine

NUMBERS = pytest.StashKey()


@pytest.fixture
def docker():
    return engine.docker


@pytest.fixture
def start():
    """Give a context manager that runs a container."""
    return engine.started


@pytest.fixture
def network():
    """A network in which containers have names."""
    with engine.networked() as name:
        yield name


@pytest.fixture(scope="module")
def mock():
    """A container with nothing but the image's own settings, which answers."""
    with engine.started() as container:
        yield container.wait_ready()


@pytest.fixture
def measured(request):
    """Give a function that keeps a number for the end of the run."""
    numbers = request.config.stash.setdefault(NUMBERS, {})
    return numbers.__setitem__


def pytest_terminal_summary(terminalreporter, config):
    numbers = config.stash.get(NUMBERS, {})
    if numbers:
        terminalreporter.section("the image")
    for name, value in numbers.items():
        terminalreporter.write_line(f"{name}: {value}")
