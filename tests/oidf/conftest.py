"""The runs of each module: for every plan and response type, live and intercepted."""

from pathlib import Path

import pytest

from helpers.oidf.plans import MODULES, runs_of
from helpers.oidf.provider import Provider
from helpers.oidf.relying_party import RelyingParty
from mockidp import MockIdP

TENANT = Path(__file__).parent / "tenant.yaml"


def pytest_generate_tests(metafunc):
    module = MODULES.get(metafunc.function.__name__)
    if module and "run" in metafunc.fixturenames:
        runs = list(runs_of(module))
        metafunc.parametrize("run", runs, ids=map(str, runs))


@pytest.fixture(scope="session")
def idp():
    with MockIdP(str(TENANT), tls=True) as served:
        yield served


@pytest.fixture(scope="session")
def providers(idp):
    found = {}
    for interface in ("live", "intercepted"):
        found[interface] = Provider(idp, interface)
        with found[interface].reachable():
            assert found[interface].metadata
            assert found[interface].keys
    return found


@pytest.fixture
def provider(run, providers):
    one = providers[run.interface]
    with one.reachable():
        yield one


@pytest.fixture
def rp(provider, run):
    return RelyingParty(provider, run)
