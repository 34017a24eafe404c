"""https in addition to http, with the tenant's own CA in temporary files."""

import json
import socket
import ssl
import urllib.request
from pathlib import Path

import pytest

from mockidp import MockIdP, MockIdPError

DISCOVERY = "/.well-known/openid-configuration"


def get(url, cafile):
    """Return the body at a URL, for a client that trusts the certificates in a file."""
    context = ssl.create_default_context(cafile=cafile)
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    with opener.open(url, timeout=5) as answer:
        return answer.read()


@pytest.fixture(scope="module")
def idp():
    with MockIdP(tls=True, settings={"hosts": ["idp.acme.example"]}) as idp:
        yield idp


def test_both_are_served_and_the_issuer_follows_the_request(idp):
    assert idp.tls_url.startswith("https://localhost:")
    over_https = json.loads(get(idp.tls_url + DISCOVERY, idp.ca_file))
    over_http = json.loads(get(idp.url + DISCOVERY, idp.ca_file))
    assert over_https["issuer"] == f"{idp.tls_url}/"
    assert over_http["issuer"] == idp.issuer == f"{idp.url}/"


def test_the_console_shows_the_issuers_of_http_and_https(idp):
    for url in (idp.url, idp.tls_url):
        page = get(url + "/_mockidp/", idp.ca_file).decode()
        assert idp.url + DISCOVERY in page
        assert idp.tls_url + DISCOVERY in page


def test_the_bundle_contains_its_ca_after_the_roots_of_the_system(idp):
    assert get(idp.tls_url + DISCOVERY, idp.bundle_file)
    ca, bundle = Path(idp.ca_file).read_text(), Path(idp.bundle_file).read_text()
    assert bundle.endswith(ca)


def test_the_ca_can_be_downloaded_over_http(idp):
    assert get(f"{idp.url}/_mockidp/ca.pem", None).decode() == Path(idp.ca_file).read_text()


def test_tokens_and_links_can_be_created_for_https(idp):
    token = idp.access_token(audience="https://api.example/", url=idp.tls_url)
    assert idp.explain(token).decoded["claims"]["iss"] == f"{idp.tls_url}/"
    id_token = idp.id_token(user="alice", url=idp.tls_url)
    assert idp.explain(id_token).decoded["claims"]["iss"] == f"{idp.tls_url}/"
    link = idp.impersonation_link(
        "alice", client="app", callback_url="http://localhost/cb", state="s", url=idp.tls_url
    )
    assert link.startswith(f"{idp.tls_url}/users/auth0%7Calice/impersonate?")
    assert idp.explain(link).accepted


def test_a_stop_deletes_the_files_and_keeps_the_ports():
    idp = MockIdP(tls=True)
    with idp:
        folder, url, tls_url = Path(idp.ca_file).parent, idp.url, idp.tls_url
        assert sorted(each.name for each in folder.iterdir()) == [
            "ca-bundle.pem",
            "ca.key",
            "ca.pem",
        ]
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()
    assert idp.tls_url == tls_url
    with pytest.raises(MockIdPError, match=r"There is no CA while https is off\. Call start\(\)\."):
        idp.ca_file  # noqa: B018 - what is tested
    with idp:
        assert (idp.url, idp.tls_url) == (url, tls_url)
        assert get(tls_url + DISCOVERY, idp.ca_file)


def test_the_host_of_the_issuer_is_in_the_certificate():
    idp = MockIdP(tls=True, settings={"issuer": "https://login.acme.test/"})
    with idp:
        context = ssl.create_default_context(cafile=idp.ca_file)
        assert _names(idp, context, "login.acme.test") >= {"login.acme.test", "localhost"}


def _names(idp, context, name):
    port = int(idp.tls_url.rpartition(":")[2])
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as sock,
        context.wrap_socket(sock, server_hostname=name) as secured,
    ):
        return {value for _, value in secured.getpeercert()["subjectAltName"]}


def test_a_host_of_the_settings_is_in_the_certificate(idp):
    context = ssl.create_default_context(cafile=idp.ca_file)
    assert "idp.acme.example" in _names(idp, context, "idp.acme.example")


@pytest.mark.parametrize("name", ["tls_url", "ca_file", "bundle_file"])
def test_without_https_the_error_says_how_to_enable_it(name):
    with MockIdP() as idp, pytest.raises(MockIdPError, match=r"Pass tls=True\."):
        getattr(idp, name)
    idp = MockIdP(tls=True)
    with pytest.raises(MockIdPError, match=r"Call start\(\)\."):
        getattr(idp, name)


def test_a_failed_start_leaves_no_files(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    idp = MockIdP(tls=True, settings={"hosts": ["a_b.example"]})
    with pytest.raises(MockIdPError, match="No certificate can be made for"):
        idp.start()
    assert list(tmp_path.iterdir()) == []
    assert not idp.is_served
