"""The examples of the pytest fixtures. Each is a test file, which mockidp's tests run."""

EXAMPLES = {
    "idp": """\
import requests


def test_a_token_is_accepted(idp):
    token = idp.access_token(user="alice")
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{idp.url}/userinfo", headers=headers, timeout=5).ok
""",
    "idp_server": """\
import pytest


@pytest.fixture(scope="session")
def app_settings(idp_server):
    return {"ISSUER": idp_server.issuer}  # an app that runs for the whole session


def test_the_app_knows_the_tenant(idp, app_settings):
    assert app_settings["ISSUER"] == idp.issuer
""",
    "idp_tenant": """\
import pytest


@pytest.fixture(scope="session")
def idp_tenant():
    return {"users": [{"user_id": "auth0|zoe"}]}


def test_zoe_gets_a_token(idp):
    assert idp.id_token(user="zoe")
""",
    "idp_listen_address": """\
import pytest


@pytest.fixture(scope="session")
def idp_listen_address():
    return "127.0.0.1:9476"


def test_the_tenant_is_at_that_address(idp):
    assert idp.url == "http://localhost:9476"
""",
    "idp_tls": """\
import pytest
import requests


@pytest.fixture(scope="session")
def idp_tls():
    return True


def test_the_tenant_is_served_over_https(idp):
    assert requests.get(f"{idp.tls_url}/_mockidp/health", verify=idp.ca_file, timeout=5).ok
""",
}
