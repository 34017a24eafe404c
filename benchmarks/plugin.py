"""The cost of the pytest plugin, for runs that do not use it and for runs that do.

Each figure is from its own pytest process. Tests record when their bodies begin, on the clock that
all processes share.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scratch import Scratch, clean_environment
from table import Row, interleave, medians, ratio

TESTS = 200
_EMPTY_TEST = "def test_nothing():\n    pass\n"
_RECORDING_CONFTEST = """
import json
import time

import pytest

begin_times = []


@pytest.fixture(scope="session", autouse=True)
def write_times():
    yield
    with open("begin_times.json", "w") as file:
        json.dump(begin_times, file)
"""
_TESTS = """
import time

import pytest
from conftest import begin_times


@pytest.mark.parametrize("number", range({tests}))
def test_it(number{fixture}):
    begin_times.append(time.perf_counter())
{check}"""
_CHECK = """
    if number == 0:
        from urllib.request import urlopen

        with urlopen(f"{idp.url}/.well-known/openid-configuration") as answer:
            assert answer.status == 200
"""


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure runs without and with the fixture."""
    with _folders() as folders:
        return [
            *_unused(scratch, folders["unused"], rounds=9 if quick else 61),
            *_used(scratch, folders, rounds=3 if quick else 15),
        ]


def _unused(scratch: Scratch, folder: Path, *, rounds: int) -> list[Row]:
    runs = {
        "as installed": partial(_run, scratch, folder),
        "-p no:mockidp": partial(_run, scratch, folder, "-p", "no:mockidp"),
        "plugin autoload disabled": partial(_run, scratch, folder, autoload=False),
    }
    for warm_up in runs.values():
        warm_up()
    figures = interleave(runs, rounds)
    return [
        Row(
            what="pytest run that does not use the plugin / -p no:mockidp",
            figures=medians(figures, " ms"),
            samples=figures,
            value=ratio(figures, "as installed", "-p no:mockidp"),
            bar=1.05,
            at_most=True,
        ),
        Row(
            what="the same / pytest with plugin autoload disabled",
            figures="",
            value=ratio(figures, "as installed", "plugin autoload disabled"),
        ),
    ]


def _used(scratch: Scratch, folders: dict[str, Path], *, rounds: int) -> list[Row]:
    per_test: dict[str, list[float]] = {"idp": [], "no fixture": []}

    def time_to_first_test(name: str, *, fresh_install: bool = False) -> float:
        if fresh_install:
            _remove_compiled(scratch)
        started = time.perf_counter()
        _run(scratch, folders[name])
        begin_times = json.loads((folders[name] / "begin_times.json").read_text())
        assert len(begin_times) == TESTS
        if not fresh_install:
            per_test[name].append((begin_times[-1] - begin_times[1]) / (TESTS - 2) * 1000)
        return (begin_times[0] - started) * 1000

    runs = {
        "idp": partial(time_to_first_test, "idp"),
        "no fixture": partial(time_to_first_test, "no fixture"),
        "idp, first after an installation": partial(time_to_first_test, "idp", fresh_install=True),
    }
    for warm_up in reversed(runs.values()):
        warm_up()
    for times in per_test.values():
        times.clear()  # the warm-up does not count
    figures = interleave(runs, rounds)
    return [
        Row(
            what="new session up to the first test's body, with `idp` / without a fixture",
            figures=medians(figures, " ms"),
            samples=figures,
            value=ratio(figures, "idp", "no fixture"),
            bar=3.0,
            at_most=True,
        ),
        Row(
            what="the same, the first session after an installation",
            figures="",
            value=ratio(figures, "idp, first after an installation", "no fixture"),
        ),
        Row(
            what="each test with `idp`, resets included, beyond one without a fixture",
            figures=medians(per_test, " ms", digits=2),
            samples=per_test,
            value=median(a - b for a, b in zip(*per_test.values(), strict=True)),
            bar=1,
            at_most=True,
            unit="ms",
        ),
    ]


def _run(scratch: Scratch, folder: Path, *options: str, autoload: bool = True) -> float:
    """Return the milliseconds that a run of pytest takes."""
    no_autoload = {} if autoload else {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    started = time.perf_counter()
    done = subprocess.run(
        (scratch.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options),
        cwd=folder,
        env=_environment() | no_autoload,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    seconds = time.perf_counter() - started
    assert done.returncode == 0, done.stdout + done.stderr
    return seconds * 1000


def _environment() -> dict[str, str]:
    """Return an environment in which pytest caches compiled files, as it does by default."""
    clean = clean_environment()
    clean.pop("PYTHONDONTWRITEBYTECODE", None)
    return clean


def _remove_compiled(scratch: Scratch) -> None:
    """Remove the files that pytest compiled when it first imported the plugin's package."""
    for package in scratch.mockidp.glob("lib/python*/site-packages/mockidp"):
        for compiled in package.rglob("__pycache__/*-pytest-*.pyc"):
            compiled.unlink()


@contextmanager
def _folders() -> Iterator[dict[str, Path]]:
    """Write an empty test, and many tests with and without the fixture."""
    with TemporaryDirectory() as temporary:
        texts = {
            "unused": _EMPTY_TEST,
            "idp": _TESTS.format(tests=TESTS, fixture=", idp", check=_CHECK),
            "no fixture": _TESTS.format(tests=TESTS, fixture="", check=""),
        }
        folders = {name: Path(temporary) / name.replace(" ", "_") for name in texts}
        for name, folder in folders.items():
            folder.mkdir()
            (folder / "pytest.ini").write_text("[pytest]\n")
            (folder / "conftest.py").write_text(_RECORDING_CONFTEST if name != "unused" else "")
            (folder / "test_it.py").write_text(texts[name])
        yield folders
