"""Runs of pytest with the plugin, in separate processes or in this one."""

import importlib
import pkgutil
import warnings

import pytest

import mockidp

CONFTEST = """
import urllib.error
import urllib.request

import pytest

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture(scope="session")
def get():
    def get(url, data=None):
        try:
            with _opener.open(url, data, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    return get
"""


@pytest.fixture
def write(pytester):
    """Return a function that writes files by name, and creates their folders."""

    def write(files):
        for name, text in files.items():
            path = pytester.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    return write


@pytest.fixture
def run(pytester, write, monkeypatch):
    """Return a function that writes and runs tests without other installed plugins."""
    write({"conftest.py": CONFTEST, "pytest.ini": "[pytest]\n"})
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    # Measuring coverage doubles the time of a start, and `run_here` runs the same code.
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)

    def run_pytest(*options, test="", plugin="-pmockidp", **files):
        write({f"{name}.py": text for name, text in files.items()})
        if test:
            write({"test_it.py": test})
        return pytester.runpytest_subprocess(plugin, *options, timeout=120)

    return run_pytest


@pytest.fixture(scope="session")
def all_modules():
    """Import all modules, because pytester unloads those that its tests import first."""
    for one in pkgutil.walk_packages(mockidp.__path__, "mockidp."):
        if not one.name.endswith("__main__"):
            importlib.import_module(one.name)


@pytest.fixture
def run_here(pytester, write, monkeypatch, all_modules):
    """Return a function that does the same as `run` in this process, which takes less time."""
    write({"conftest.py": CONFTEST, "pytest.ini": "[pytest]\n"})
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.syspath_prepend(pytester.path)

    def run_pytest(*options, test="", **files):
        write({f"{name}.py": text for name, text in files.items()})
        if test:
            write({"test_it.py": test})
        with warnings.catch_warnings():
            warnings.resetwarnings()
            return pytester.runpytest_inprocess("-pmockidp", *options)

    return run_pytest
