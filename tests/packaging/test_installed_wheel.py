"""The installed wheel: the commands work in an empty folder, without a checkout."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment in which Python imports the installed wheel, and the wheel's folder."""
    target = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", target, wheel], check=True, capture_output=True)
    # Coverage measures the checkout. The files of the wheel would count as untested.
    others = ("MOCKIDP_", "COVERAGE_", "COV_CORE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return {**kept, "PYTHONPATH": str(target)}, target


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_the_package_is_imported_from_the_wheel(installed, empty):
    environment, target = installed
    program = "import mockidp, mockidp.cli.serving.example as e; print(mockidp.__file__, e.example_file('acme'))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=empty, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert all(path.startswith(f"{target}{os.sep}") for path in done.stdout.split())


def test_the_demo_runs(installed, empty):
    environment, target = installed
    done = subprocess.run(
        [target / "bin" / "mockidp", "demo"],
        cwd=empty, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Every step behaved as Auth0 does.\n")
    assert list(empty.iterdir()) == []


def test_the_example_is_served(installed, empty):
    environment, target = installed
    ports = ["--listen", "localhost:0", "--no-tls"]
    with subprocess.Popen(
        [target / "bin" / "mockidp", "serve", "--example", "acme", *ports, "--json"],
        cwd=empty, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as started:  # fmt: skip
        line = started.stdout.readline()
        try:
            assert line, started.stderr.read()
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            url = f"{json.loads(line)['url']}/u/login?state=none"
            with pytest.raises(urllib.error.HTTPError) as page:
                opener.open(url, timeout=10)
            with page.value:  # the templates are installed
                assert b"Acme" in page.value.read()
        finally:
            started.terminate()
            started.communicate(timeout=10)
    assert started.returncode == 0
