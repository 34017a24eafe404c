"""Fixtures for containers, and measurements that are printed at the end of the run."""

import pytest

from helpers import engine

MEASUREMENTS = pytest.StashKey()


@pytest.fixture
def docker():
    return engine.docker


@pytest.fixture
def start():
    """Return a context manager that runs a container."""
    return engine.started


@pytest.fixture
def network():
    """The name of a network in which containers have host names."""
    with engine.networked() as name:
        yield name


@pytest.fixture(scope="module")
def mock():
    """A ready container with the default settings of the image."""
    with engine.started() as container:
        yield container.wait_ready()


@pytest.fixture
def report(request):
    """Return a function that records a measurement for the end of the run."""
    measurements = request.config.stash.setdefault(MEASUREMENTS, {})
    return measurements.__setitem__


def pytest_terminal_summary(terminalreporter, config):
    measurements = config.stash.get(MEASUREMENTS, {})
    if measurements:
        terminalreporter.section("the image")
    for name, value in measurements.items():
        terminalreporter.write_line(f"{name}: {value}")
