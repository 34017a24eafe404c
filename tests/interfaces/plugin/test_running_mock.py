"""The fixture with a running mock, at which each run or worker has its own tenant."""

import pytest

import mockidp.web.control.operations  # noqa: F401 - pytester unloads what its tests import first
from mockidp import MockIdP
from mockidp.clients.remote.control_client import ControlClient
from mockidp.server import Address, Server
from mockidp.tenant.tenant import Tenant
from mockidp.tls import Authority
from mockidp.web.app import create_app
from mockidp.web.endpoints import userinfo

pytest_plugins = ["pytester"]

AT_URL = """
import pytest


@pytest.fixture(scope="session")
def idp_server():
    return "{url}"
"""

USED = """
import urllib.request

import pytest


@pytest.fixture(scope="session")
def idp_tenant():
    return {{"tenant": {{"friendly_name": "Mine"}}, "users": [{{"user_id": "auth0|zoe"}}]}}


def test_one(idp, get):
    assert "/t/" in idp.url
    assert idp.issuer == idp.url + "/"
    assert get(f"{{idp.url}}/.well-known/jwks.json") == 200
    idp.journal.wait_for("jwks")
    idp.add_user("mallory")
    idp.clock.freeze("2030-01-31T12:00:00Z")
    idp.fault("jwks", status=503)
    assert get(f"{{idp.url}}/.well-known/jwks.json") == 503


def test_two(idp):
    assert not list(idp.journal)
    assert not list(idp.faults)
    assert idp.snapshot().document.tenant.friendly_name == "Mine"
    assert [user.user_id for user in idp.snapshot().document.users] == ["auth0|zoe"]
"""

SOURCES = {
    "none": "return None",
    "path": "return pathlib.Path(__file__).parent / 'tenant.yaml'",
    "tenant": "return mockidp.MockIdP({'tenant': {'friendly_name': 'Mine'}}).tenant",
}

OF = """
import pathlib

import pytest

import mockidp


@pytest.fixture(scope="session")
def idp_tenant():
    {how}


def test_it(idp):
    assert idp.snapshot().document.tenant.friendly_name == "{name}"
"""

TWO = """
import pytest

URLS = {}


@pytest.mark.parametrize(
    "idp_tenant",
    [{"tenant": {"friendly_name": name}} for name in ("One", "Two", "One")],
    scope="session",
)
def test_it(idp, idp_tenant):
    name = idp_tenant["tenant"]["friendly_name"]
    assert idp.snapshot().document.tenant.friendly_name == name
    assert URLS.setdefault(name, idp.url) == idp.url
    assert len(set(URLS.values())) == len(URLS)
"""

REPORTED = """
import pytest


def test_fails(idp, get):
    get(f"{idp.url}/oauth/token", b"grant_type=authorization_code&client_id=web&code=none")
    assert False


def test_a_fault_that_never_fired(idp, get):
    with idp.fault("token", drop=True, name="gone"):
        get(f"{idp.url}/.well-known/jwks.json")
    idp.fault("userinfo", drop=True, name="left")


def test_a_fault_that_was_cleared(idp):
    idp.fault("token", drop=True, name="cleared")
    idp.faults.clear()


def test_a_fault_that_fired(idp, get):
    with idp.fault("jwks", status=503):
        assert get(f"{idp.url}/.well-known/jwks.json") == 503


def test_a_bug(idp, get):
    assert get(f"{idp.url}/userinfo?break=1") == 500
"""


@pytest.fixture(scope="module")
def mock():
    with MockIdP({"tenant": {"friendly_name": "First"}}) as idp:
        yield idp


def get_names(mock):
    """Return the names of the additional tenants that are left."""
    control = ControlClient(mock.url)
    names = [one["name"] for one in control.get("/tenants")["items"]]
    control.close()
    return names


@pytest.mark.parametrize("how", ["override", "ini"])
def test_idp_is_a_tenant_there_that_is_reset_and_finally_deleted(run_here, write, mock, how):
    if how == "ini":
        write({"pytest.ini": f"[pytest]\nidp_url = {mock.url}\n"})
    test = USED.format() if how == "ini" else AT_URL.format(url=mock.url) + USED.format()
    done = run_here("-Werror", test=test)
    done.assert_outcomes(passed=2)
    assert get_names(mock) == []
    assert not mock.journal.of("jwks")


@pytest.mark.parametrize(
    ("source", "name"), [("none", "First"), ("path", "File"), ("tenant", "Mine")]
)
def test_the_tenant_is_created_from_idp_tenant(run_here, write, mock, source, name):
    write({"tenant.yaml": "tenant:\n  friendly_name: File\n"})
    test = AT_URL.format(url=mock.url) + OF.format(how=SOURCES[source], name=name)
    run_here(test=test).assert_outcomes(passed=1)
    assert get_names(mock) == []


def test_each_tenant_of_a_run_is_created_once(run_here, mock):
    run_here(test=AT_URL.format(url=mock.url) + TWO).assert_outcomes(passed=3)
    assert get_names(mock) == []


def test_idp_and_idp_server_are_the_same_object(run_here, write, mock):
    write({"pytest.ini": f"[pytest]\nidp_url = {mock.url}\n"})
    test = "def test_it(idp, idp_server): assert idp is idp_server\n"
    run_here(test=test).assert_outcomes(passed=1)


def test_reports_are_the_same_as_for_a_local_tenant(run_here, mock, monkeypatch):
    original = userinfo.parse_bearer

    def parse_bearer(authorization, parameters):
        if parameters.get("break") is not None:
            raise RuntimeError
        return original(authorization, parameters)

    monkeypatch.setattr(userinfo, "parse_bearer", parse_bearer)
    done = run_here(test=AT_URL.format(url=mock.url) + REPORTED)
    done.assert_outcomes(passed=4, failed=1, errors=1, warnings=2)
    done.stdout.fnmatch_lines(
        ["*- mockidp -*", "*token POST 401*hint: No client has the `client_id`*"]
    )
    done.stdout.fnmatch_lines(["*This is a bug in mockidp. Please report it*"])
    output = done.stdout.str()
    assert "Fault 'gone' at token never fired" in output
    assert "Fault 'left' at userinfo never fired" in output
    assert "cleared" not in output.partition("warnings summary")[2]


def test_a_missing_mock_is_reported(run_here):
    done = run_here(test=AT_URL.format(url="http://localhost:1") + "def test_it(idp): pass\n")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*mockidp: no mockidp answers at http://localhost:1*"])
    assert "Traceback" not in done.stdout.str()


def test_each_worker_has_its_own_tenant(run, write, mock):
    write({"pytest.ini": f"[pytest]\nidp_url = {mock.url}\n"})
    test = """
import pathlib
import time

import pytest


@pytest.mark.parametrize("number", range(2))
def test_it(idp, number, worker_id):
    folder = pathlib.Path(__file__).parent
    (folder / f"{worker_id}.url").write_text(idp.url)
    until = time.monotonic() + 30
    while len(list(folder.glob("*.url"))) < 2 and time.monotonic() < until:
        idp.journal.wait_for("jwks", times=0, timeout=0.1)
    assert len({path.read_text() for path in folder.glob("*.url")}) == 2
"""
    run("-pxdist", "-n2", test=test).assert_outcomes(passed=2)
    assert get_names(mock) == []


WITH_TOKEN = """
def test_it(idp):
    assert idp.add_user("carol").user_id == "auth0|carol"
"""


def test_a_mock_with_https_and_a_control_token_can_be_used(pytester):
    authority = Authority.in_memory()
    pytester.makefile(".pem", ca=authority.ca_pem.decode())
    pytester.makepyfile(WITH_TOKEN)
    app = create_app(Tenant(), control_token="sesame")
    with Server(app, tls_listen=[Address()], tls_context=authority.ssl_context()) as server:
        options = {
            "idp_url": server.tls_url,
            "idp_control_token": "sesame",
            "idp_ca_file": "ca.pem",
        }
        pytester.makeini("[pytest]\n" + "".join(f"{k} = {v}\n" for k, v in options.items()))
        pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=1)
        refused = pytester.runpytest("-p", "no:randomly", "-o", "idp_control_token=")
        refused.assert_outcomes(errors=1)
        refused.stdout.fnmatch_lines(["*MOCKIDP_CONTROL_TOKEN*"])
        assert list(app.additional.all()) == []
