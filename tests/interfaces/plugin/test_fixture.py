"""The fixture `idp`: it serves a tenant, and each test starts with the initial state."""

import pytest

from helpers.plugins import block_plugins

pytest_plugins = ["pytester"]

SERVED = """
def test_it(idp, get):
    assert get(f"{idp.url}/.well-known/openid-configuration") == 200
"""

NOT_REWRITTEN = """
import mockidp.idp


def test_pytest_does_not_rewrite_the_modules_of_mockidp():
    assert type(mockidp.idp.__loader__).__name__ == "SourceFileLoader"
"""

LEFT_BEHIND = """
import pytest

SEEN = {}


@pytest.fixture
def initial_state(idp):
    now = {"url": idp.url, "kid": idp.tenant.keys.current.kid, "keys": len(idp.tenant.keys.published)}
    assert SEEN.setdefault("first", now) == now
    assert not list(idp.journal)
    assert not list(idp.faults)
    assert not idp.faults.unfired
    assert not idp.tenant.sign_ins.waiting
    assert idp.clock.setting == type(idp.clock.setting)()
    assert idp.tenant.directory.user_named("mallory") is None


def change_everything(idp, get):
    assert get(f"{idp.url}/.well-known/jwks.json") == 200
    idp.clock.freeze("2030-01-31T12:00:00Z")
    idp.clock.skew = 60
    idp.add_user("mallory")
    idp.rotate_keys()
    idp.sign_in_as("mallory")
    idp.fault("token", drop=True)
    with idp.fault("userinfo", drop=True):
        pass
    idp.stop()


def test_one(initial_state, idp, get):
    change_everything(idp, get)


def test_two(initial_state, idp, get):
    change_everything(idp, get)
    idp.start()


def test_a_session_fixture_without_a_reset(idp_server, get):
    if idp_server.is_served:
        change_everything(idp_server, get)


def test_three(initial_state, idp, get):
    change_everything(idp, get)
"""

IN_A_CLASS = """
import unittest

import pytest


@pytest.mark.usefixtures("idp")
class Used(unittest.TestCase):
    def test_it(self):
        pass


class Named(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _idp(self, idp, get):
        self.idp, self.get = idp, get

    def test_it(self):
        self.assertEqual(self.get(f"{self.idp.url}/.well-known/jwks.json"), 200)
        self.assertEqual(len(self.idp.journal), 1)


class Outside(unittest.TestCase):
    def setUp(self):
        from mockidp import MockIdP

        self.idp = MockIdP()
        self.idp.start()
        self.addCleanup(self.idp.stop)

    def test_it(self):
        self.assertTrue(self.idp.url.startswith("http://localhost:"))
"""

ASYNC = """
import asyncio


async def test_it(idp, get):
    request = asyncio.to_thread(get, f"{idp.url}/.well-known/jwks.json")
    assert await request == 200
    assert len(idp.journal) == 1
"""

ASYNC_PLUGIN = """
import asyncio
import inspect

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    function = pyfuncitem.obj
    if inspect.iscoroutinefunction(function):
        names = inspect.signature(function).parameters
        asyncio.run(function(**{name: pyfuncitem.funcargs[name] for name in names}))
        return True
"""

IN_A_WORKER = """
from pathlib import Path


def test_it(idp, worker_id, get):
    assert get(f"{idp.url}/.well-known/jwks.json") == 200
    Path(worker_id).write_text(idp.url)


def test_it_again(idp, worker_id):
    assert Path(worker_id).read_text() == idp.url
    assert not list(idp.journal)
"""

SYS_MODULES = """
import sys

HEAVY = {"flask", "werkzeug", "jwt", "cryptography", "yaml", "jinja2", "responses", "requests"}


def pytest_unconfigure():
    print("LOADED", sorted(HEAVY & set(sys.modules)))
    print("OURS", sorted(name for name in sys.modules if name.partition(".")[0] == "mockidp"))
"""

PLAIN = """
def test_it():
    pass


def test_that_fails():
    assert False
"""


def test_it_serves_a_tenant_without_configuration(run):
    run(test=SERVED).assert_outcomes(passed=1)


@pytest.mark.parametrize("reverse", [False, True], ids=["in order", "reversed"])
def test_each_test_starts_with_the_initial_state(run_here, reverse):
    hook = f"def pytest_collection_modifyitems(items): items[:] = items[::{-1 if reverse else 1}]"
    done = run_here("-p", "order", test=LEFT_BEHIND, order=hook)
    done.assert_outcomes(passed=4)


def test_it_works_in_unittest_classes(run_here):
    run_here(test=IN_A_CLASS).assert_outcomes(passed=3)


def test_it_works_in_a_coroutine(run_here):
    run_here("-p", "loop", test=ASYNC, loop=ASYNC_PLUGIN).assert_outcomes(passed=1)


def test_each_xdist_worker_has_its_own_server(run, pytester):
    run("-p", "xdist", "--dist=each", "--tx=2*popen", test=IN_A_WORKER).assert_outcomes(passed=4)
    assert len({(pytester.path / name).read_text() for name in ("gw0", "gw1")}) == 2


def test_a_run_without_the_fixture_imports_only_the_plugin(run):
    done = run("-p", "loaded", "--strict-config", test=PLAIN, loaded=SYS_MODULES)
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["LOADED [[]]", "OURS [[]'mockidp', 'mockidp.pytest_plugin']"])


def test_a_run_with_the_fixture_imports_what_it_needs(run):
    done = run("-p", "loaded", test=PLAIN, test_also=SERVED, loaded=SYS_MODULES)
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["LOADED [[]'cryptography', 'werkzeug']"])


def test_an_installed_plugin_is_loaded(run, monkeypatch):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    done = run(*block_plugins(), plugin="-q", test=SERVED + NOT_REWRITTEN)
    done.assert_outcomes(passed=2)


def test_the_plugin_can_be_disabled(run, monkeypatch):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    done = run(*block_plugins(), plugin="-pno:mockidp", test=SERVED + "\ndef test_other(): pass\n")
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["*fixture 'idp' not found*"])


def test_pytest_fixtures_lists_each_fixture_and_how_to_override_it(run):
    done = run("--fixtures")
    done.stdout.fnmatch_lines(
        [
            "idp_tenant [[]session scope[]]*",
            "*Override it to return the path of a tenant file, a dict*",
            "idp_listen_address [[]session scope[]]*",
            "*Override it to return `HOST:PORT`*",
            "idp_tls [[]session scope[]]*",
            "*Override it to return True*",
            "idp_server [[]session scope[]]*",
        ]
    )
    done.stdout.fnmatch_lines(["idp -- *"])  # pytest sorts by line, as text: 119 before 50
