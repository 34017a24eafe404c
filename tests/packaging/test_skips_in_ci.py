"""A run with skipped tests fails in CI, and passes elsewhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
TESTS = {
    "a test": "import pytest\ndef test_it(): pytest.skip('needs a browser')\n",
    "a module": "import pytest\npytest.skip('needs a browser', allow_module_level=True)\n",
    "nothing": "def test_it(): pass\n",
}


@pytest.fixture
def run(tmp_path):
    """Return a function that runs pytest on a test, with the project's conftest.py."""

    def run_pytest(text, *options, ci):
        shutil.copy(CONFTEST, tmp_path)
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        (tmp_path / "test_one.py").write_text("def test_other(): pass\n")
        (tmp_path / "test_two.py").write_text(text)
        environment = {name: v for name, v in os.environ.items() if name != "CI"}
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the others take long to import
        return subprocess.run(
            [sys.executable, "-m", "pytest", *options],
            cwd=tmp_path,
            env={**environment, **({"CI": "true"} if ci else {})},
            capture_output=True,
            text=True,
            check=False,
        )

    return run_pytest


@pytest.mark.parametrize("options", [(), ("-p", "xdist", "-n", "1")], ids=["alone", "xdist"])
@pytest.mark.parametrize("skipped", TESTS)
def test_ci_fails_if_anything_was_skipped(run, skipped, options):
    done = run(TESTS[skipped], *options, ci=True)
    assert done.returncode == (0 if skipped == "nothing" else 1)
    assert ("skipped, so the run failed" in done.stdout) == (skipped != "nothing")


@pytest.mark.parametrize("skipped", TESTS)
def test_elsewhere_a_run_with_skipped_tests_passes(run, skipped):
    assert run(TESTS[skipped], ci=False).returncode == 0
