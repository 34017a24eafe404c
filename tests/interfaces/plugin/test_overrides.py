"""Overridden fixtures and ini options, and the errors about invalid ones."""

import socket
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ACME = Path(__file__).parents[3] / "fixtures" / "tenants" / "acme.yaml"

HAS_ACME = """
def test_it(idp):
    assert idp.tenant.directory.user_named("alice").email == "alice@acme.example"
    assert idp.tenant.name == "Acme"
"""

RETURNED = """
import pathlib

import pytest


@pytest.fixture(scope="session")
def idp_tenant():
    {how}
"""

SOURCES = {
    "text": f"return {str(ACME)!r}",
    "path": f"return pathlib.Path({str(ACME)!r})",
    "dict": f"import yaml; return yaml.safe_load(pathlib.Path({str(ACME)!r}).read_text())",
    "tenant": f"from mockidp import MockIdP; return MockIdP({str(ACME)!r}).tenant",
}

NAMED = """
import pytest

import mockidp


@pytest.fixture(scope="session")
def idp_tenant():
    return {{"tenant": {{"friendly_name": "{name}"}}}}

{more}

def test_it(idp):
    assert idp.tenant.name == "{name}"
"""

OWN_SERVER = """
@pytest.fixture(scope="module")
def idp_server(idp_tenant):
    with mockidp.MockIdP(idp_tenant) as idp:
        yield idp
"""

MANY = """
import pytest

NAMES = ["One", "Two"]


@pytest.mark.parametrize(
    "idp_tenant", [{"tenant": {"friendly_name": name}} for name in NAMES], scope="session", ids=NAMES
)
def test_it(idp, idp_tenant):
    assert idp.tenant.name == idp_tenant["tenant"]["friendly_name"]
"""

ADDRESS = """
import pytest


@pytest.fixture(scope="session")
def idp_listen_address():
    return "{address}"


def test_it(idp):
    assert idp.url.endswith("{address}".rpartition(":")[2])


def test_another(idp):
    pass
"""

OVER_TLS = """
import ssl
import urllib.request

import pytest


@pytest.fixture(scope="session")
def idp_tls():
    return True


def test_it(idp, get):
    assert get(f"{idp.url}/.well-known/jwks.json") == 200
    trusting = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=idp.ca_file))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), trusting)
    with opener.open(f"{idp.tls_url}/.well-known/jwks.json", timeout=10) as answer:
        assert answer.status == 200
"""

USES = "def test_it(idp): pass\ndef test_another(idp_server): pass\n"


@pytest.fixture
def taken():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        yield f"127.0.0.1:{sock.getsockname()[1]}"


def is_clean(done):
    """Return whether the output has an error without a traceback or internals of the plugin."""
    text = done.stdout.str()
    return "pytest_plugin.py" not in text and "Traceback" not in text and "mockidp: " in text


@pytest.mark.parametrize("how", SOURCES.values(), ids=SOURCES)
def test_the_tenant_is_what_the_fixture_returns(run_here, how):
    run_here(test=RETURNED.format(how=how) + HAS_ACME).assert_outcomes(passed=1)


def test_the_ini_option_is_relative_to_the_configuration_file(
    run_here, write, pytester, monkeypatch
):
    write({"tenants/acme.yaml": ACME.read_text(), "sub/test_it.py": HAS_ACME})
    write({"pytest.ini": "[pytest]\nidp_tenant = tenants/acme.yaml\n"})
    monkeypatch.chdir(pytester.path / "sub")
    run_here().assert_outcomes(passed=1)


def test_without_a_configuration_file_it_is_relative_to_the_root(run_here, write, pytester):
    write({"acme.yaml": ACME.read_text()})
    (pytester.path / "pytest.ini").unlink()
    run_here("-o", "idp_tenant=acme.yaml", "--rootdir=.", test=HAS_ACME).assert_outcomes(passed=1)


def test_a_test_can_be_parametrized_with_tenants(run_here):
    run_here(test=MANY).assert_outcomes(passed=2)


def test_modules_can_have_their_own_tenants_and_servers(run_here):
    done = run_here(
        test=NAMED.format(name="One", more=OWN_SERVER),
        test_other=NAMED.format(name="Two", more=OWN_SERVER),
    )
    done.assert_outcomes(passed=2)


def test_an_override_after_the_start_of_the_server_is_an_error(run_here):
    done = run_here(
        test=NAMED.format(name="One", more=""), test_other=NAMED.format(name="Two", more="")
    )
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(
        [
            "idp_server, which already runs*Override idp_server as well*",
            '*@pytest.fixture(scope="module")',
        ]
    )
    assert is_clean(done)


def test_it_listens_at_the_overridden_address(run_here, taken):
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    done = run_here(test=ADDRESS.format(address=f"localhost:{port}"))
    done.assert_outcomes(passed=2)


def test_a_port_in_use_is_reported_in_one_sentence(run_here, taken):
    done = run_here(test=ADDRESS.format(address=taken))
    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines(["mockidp: *is in use by another program.*"])
    done.stdout.no_fnmatch_line("*pytest-xdist*")
    assert is_clean(done)


def test_the_error_about_a_port_in_use_mentions_workers(run_here, taken):
    done = run_here("-p", "xdist", "-n", "1", test=ADDRESS.format(address=taken))
    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines(["mockidp: *in use*Each worker of pytest-xdist*end in :0."])


def test_the_error_about_a_missing_tenant_file_does_not_mention_workers(run_here, write):
    write({"pytest.ini": "[pytest]\nidp_tenant = none.yaml\n"})
    done = run_here("-p", "xdist", "-n", "1", test=USES)
    done.assert_outcomes(errors=2)
    done.stdout.no_fnmatch_line("*pytest-xdist*")


def test_idp_tls_enables_https(run_here):
    run_here(test=OVER_TLS).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clients: [{client_id: web, callbakcs: []}]\n", "*callbakcs*"),
        ("a: [", "*tenant.yaml*"),
        (None, "*tenant.yaml*"),
    ],
    ids=["a mistake", "no yaml", "no file"],
)
def test_mistakes_in_a_tenant_file_are_reported_without_a_traceback(run_here, write, text, message):
    write({"pytest.ini": "[pytest]\nidp_tenant = tenant.yaml\n"})
    if text is not None:
        write({"tenant.yaml": text})
    done = run_here(test=USES)
    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines([f"mockidp: {message}"])
    assert is_clean(done)
