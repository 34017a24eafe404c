"""What the pytest plugin costs: a run that does not use it, and one that does.

Each figure is of a pytest process of its own. Tests note when their bodies begin, on the clock that
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
_NOTHING = "def test_nothing():\n    pass\n"
_NOTING = """
import json
import time

import pytest

begun = []


@pytest.fixture(scope="session", autouse=True)
def note():
    yield
    with open("begun.json", "w") as file:
        json.dump(begun, file)
"""
_MANY = """
import time

import pytest
from conftest import begun


@pytest.mark.parametrize("number", range({tests}))
def test_it(number{fixture}):
    begun.append(time.perf_counter())
{check}"""
_CHECK = """
    if number == 0:
        from urllib.request import urlopen

        with urlopen(f"{idp.url}/.well-known/openid-configuration") as answer:
            assert answer.status == 200
"""


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure runs without and with the fixture, in turn."""
    with _folders() as folders:
        return [
            *_unused(scratch, folders["nothing"], rounds=9 if quick else 61),
            *_used(scratch, folders, rounds=3 if quick else 15),
        ]


def _unused(scratch: Scratch, folder: Path, *, rounds: int) -> list[Row]:
    runs = {
        "as installed": partial(_run, scratch, folder),
        "-p no:mockidp": partial(_run, scratch, folder, "-p", "no:mockidp"),
        "no plugins looked for": partial(_run, scratch, folder, autoload=False),
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
            what="the same / pytest that looks for no installed plugins",
            figures="",
            value=ratio(figures, "as installed", "no plugins looked for"),
        ),
    ]


def _used(scratch: Scratch, folders: dict[str, Path], *, rounds: int) -> list[Row]:
    per_test: dict[str, list[float]] = {"idp": [], "no fixture": []}

    def ready(name: str, *, installed_anew: bool = False) -> float:
        if installed_anew:
            _forget_compiled(scratch)
        spawned = time.perf_counter()
        _run(scratch, folders[name])
        begun = json.loads((folders[name] / "begun.json").read_text())
        assert len(begun) == TESTS
        if not installed_anew:
            per_test[name].append((begun[-1] - begun[1]) / (TESTS - 2) * 1000)
        return (begun[0] - spawned) * 1000

    runs = {
        "idp": partial(ready, "idp"),
        "no fixture": partial(ready, "no fixture"),
        "idp, first after an installation": partial(ready, "idp", installed_anew=True),
    }
    for warm_up in reversed(runs.values()):
        warm_up()
    for warmed_up in per_test.values():
        warmed_up.clear()
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
            what="the same, the first one after an installation",
            figures="",
            value=ratio(figures, "idp, first after an installation", "no fixture"),
        ),
        Row(
            what="each test with `idp`, its resets included, beyond one without a fixture",
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
    begun = time.perf_counter()
    done = subprocess.run(
        (scratch.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options),
        cwd=folder,
        env=_environment() | no_autoload,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    seconds = time.perf_counter() - begun
    assert done.returncode == 0, done.stdout + done.stderr
    return seconds * 1000


def _environment() -> dict[str, str]:
    """Return one in which pytest keeps what it compiles, as it does unless it is told not to."""
    clean = clean_environment()
    clean.pop("PYTHONDONTWRITEBYTECODE", None)
    return clean


def _forget_compiled(scratch: Scratch) -> None:
    """Remove what pytest compiles of a plugin's package when it is first imported."""
    for package in scratch.mockidp.glob("lib/python*/site-packages/mockidp"):
        for compiled in package.rglob("__pycache__/*-pytest-*.pyc"):
            compiled.unlink()


@contextmanager
def _folders() -> Iterator[dict[str, Path]]:
    """Write the tests: one that does nothing, and many with and without the fixture."""
    with TemporaryDirectory() as temporary:
        texts = {
            "nothing": _NOTHING,
            "idp": _MANY.format(tests=TESTS, fixture=", idp", check=_CHECK),
            "no fixture": _MANY.format(tests=TESTS, fixture="", check=""),
        }
        folders = {name: Path(temporary) / name.replace(" ", "_") for name in texts}
        for name, folder in folders.items():
            folder.mkdir()
            (folder / "pytest.ini").write_text("[pytest]\n")
            (folder / "conftest.py").write_text(_NOTING if name != "nothing" else "")
            (folder / "test_it.py").write_text(texts[name])
        yield folders
