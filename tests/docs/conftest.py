"""The shell in which the commands of the pages run."""

import os
import shutil
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


@pytest.fixture
def environment():
    """Return the variables of a fresh shell, and those that measure coverage."""
    kept = ("HOME", "LANG", "LC_ALL", "COVERAGE_")
    values = {name: value for name, value in os.environ.items() if name.startswith(kept)}
    quiet = "-q -p no:cacheprovider -p no:randomly -p no:xdist"
    return {
        **values,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "PYTEST_ADDOPTS": quiet,
        "NO_COLOR": "1",
        "CHROMIUM": shutil.which("chromium") or "",
    }


@pytest.fixture
def lacking():
    """Give a function that skips a test; in CI nothing may be skipped."""
    return pytest.fail if os.environ.get("CI") else pytest.skip
