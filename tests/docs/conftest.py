"""Fixtures for the shell that runs the commands of the pages."""

import os
import sys
from pathlib import Path

import pytest

from helpers.chromium import find_chromium
from helpers.plugins import block_plugins

BIN = Path(sys.executable).parent


@pytest.fixture
def environment():
    """Return the variables of a new shell, and those for measuring coverage."""
    kept = ("HOME", "LANG", "LC_ALL", "COVERAGE_")
    values = {name: value for name, value in os.environ.items() if name.startswith(kept)}
    return {
        **values,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "PYTEST_ADDOPTS": " ".join(["-q", *block_plugins()]),
        "NO_COLOR": "1",
        "CHROMIUM": find_chromium() or "",
    }


@pytest.fixture
def skip_or_fail():
    """Return `pytest.skip`, or in CI `pytest.fail`, because nothing may be skipped there."""
    return pytest.fail if os.environ.get("CI") else pytest.skip
