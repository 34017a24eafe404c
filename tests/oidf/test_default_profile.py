"""Without `profile: oidc`: exactly the modules fail for which the list says what differs."""

import importlib.util
import inspect
from pathlib import Path

import pytest

from helpers.oidf.plans import MODULES, runs_of
from helpers.oidf.provider import Provider
from helpers.oidf.relying_party import RelyingParty
from mockidp import MockIdP

HERE = Path(__file__).parent
TESTED = [name for name, module in MODULES.items() if "not_tested" not in module]


def load_tests():
    """Return the test functions of all modules."""
    found = {}
    for file in HERE.glob("test_*.py"):
        if file != Path(__file__):
            spec = importlib.util.spec_from_file_location(f"oidf_{file.stem}", file)
            loaded = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded)
            found |= {name: one for name, one in vars(loaded).items() if name in MODULES}
    return found


@pytest.fixture(scope="module")
def tests():
    return load_tests()


@pytest.fixture(scope="module")
def provider():
    idp = MockIdP(str(HERE / "tenant.yaml"), settings={"profile": "auth0"})
    one = Provider(idp, "intercepted")
    with one.reachable():
        yield one


@pytest.mark.parametrize("name", TESTED)
def test_a_module_fails_by_default_only_if_the_list_says_what_differs(tests, provider, name):
    runs = [run for run in runs_of(MODULES[name]) if run.interface == "intercepted"]
    failed = [str(run) for run in runs if not passes(tests[name], provider, run)]
    assert bool(failed) == ("by_default" in MODULES[name]), failed


def passes(test, provider, run):
    """Return whether a test passes at a provider."""
    known = {"run": run, "provider": provider, "rp": RelyingParty(provider, run)}
    try:
        test(**{name: known[name] for name in inspect.signature(test).parameters})
    except (AssertionError, KeyError):
        return False
    return True
