"""The Python reference has an entry for each method and fixture, and every example works."""

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import mockidp.pytest_plugin as plugin
from mockidp import MockIdP, MockIdPError, RemoteIdP

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs/reference"))
fixture_examples, python_examples, python_page = map(
    import_module, ("fixture_examples", "python_examples", "python_page")
)

PAGE = (ROOT / "docs/reference/python.md").read_text()
EXAMPLES = python_examples.EXAMPLES
ATTRIBUTES = {"app", "tenant", "clock"}
"""Attributes that the introduction of MockIdP lists, and the clock, which has its own entries."""
IN_PROCESS = {"exchange_tokens"}
"""Methods with a function as argument, which `RemoteIdP` refuses."""
INTERNAL = {"find_user", "misses"}


def names(cls):
    return {name for name in dir(cls) if not name.startswith("_")}


def test_every_method_has_an_entry():
    expected = (names(MockIdP(url="http://idp.test")) | names(RemoteIdP)) - ATTRIBUTES
    for part in ("clock", "faults", "journal", "outbox"):
        methods = names(getattr(RemoteIdP("http://idp.test"), part)) - INTERNAL
        expected |= {f"{part}.{name}" for name in methods}
    expected |= {"MockIdP()", "RemoteIdP()"}
    entries = {name for section in python_page.SECTIONS.values() for name in section}
    assert entries == expected
    assert [name for name in expected if f"\n### {name}\n" not in PAGE] == []


def test_every_fixture_has_an_entry():
    fixtures = {
        name
        for name, one in vars(plugin).items()
        if name.startswith("idp") and hasattr(one, "_fixture_function_marker")
    }
    assert set(python_page.FIXTURES) == fixtures == fixture_examples.EXAMPLES.keys()
    assert [name for name in fixtures if f"\n### fixture {name}\n" not in PAGE] == []


@pytest.mark.parametrize("interface", ["in_process", "remote"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_works(name, interface):
    example = EXAMPLES[name]
    if not inspect.signature(example).parameters:
        example()
        return
    with MockIdP(ROOT / "fixtures/tenants/acme.yaml") as mock:
        if interface == "in_process":
            example(mock)
            return
        with RemoteIdP(mock.url) as remote:
            if name not in IN_PROCESS:
                example(remote)
                return
            with pytest.raises(MockIdPError, match="A function cannot be sent"):
                example(remote)


@pytest.mark.parametrize("name", python_page.FIXTURES)
def test_the_example_of_a_fixture_passes(name, environment, tmp_path):
    (tmp_path / "test_example.py").write_text(fixture_examples.EXAMPLES[name])
    command = [sys.executable, "-m", "pytest", "-q"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
