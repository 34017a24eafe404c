"""One percent of the long runs (`benchmarks/run --long`)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_one_percent_of_the_long_runs_has_no_error(record_property):
    if shutil.which("redis-server") is None:
        pytest.skip("needs Redis: apt install redis-server")
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "long_runs.py", "--percent", "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    record_property("table", done.stdout)
    assert "10,000 requests" in done.stdout
    assert "1,000 logins without an error" in done.stdout
