"""Client certificates in TLS handshakes, in memory and with a served tenant."""

import logging
import queue
import ssl
from contextlib import suppress

import pytest
import requests

from helpers.acme import API, with_settings, with_tenant
from helpers.client_certificates import DOCUMENT, certificate, key_pem, thumbprint
from helpers.handshake import shake_hands
from helpers.tenant_client import claims_of
from helpers.waiting import SOON
from mockidp import MockIdP
from mockidp.errors import MockIdPError
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.content.tenant_settings import MutualTls
from mockidp.tenant.tenant import Tenant
from mockidp.tls import Authority
from mockidp.web.app import create_app

CA = certificate("Acme CA", is_ca=True)
SIGNED, SELF_SIGNED = certificate("shop", issuer="Acme CA"), certificate("selfsigned")
STRANGER = certificate("shop", issuer="Other CA")


@pytest.fixture(scope="module")
def authority():
    return Authority.in_memory()


@pytest.fixture
def files(tmp_path):
    """Return a function that writes a certificate and its key into a file."""

    def write(pem):
        path = tmp_path / f"{thumbprint(pem)}.pem"
        path.write_text(pem + key_pem())
        return str(path)

    return write


@pytest.fixture
def client(authority, files):
    """Return a function that makes a client with a certificate."""

    def make(pem=None, version=ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cadata=authority.ca_pem.decode())
        context.minimum_version = context.maximum_version = version
        if pem is not None:
            context.load_cert_chain(files(pem))
        return context

    return make


def received(server, client):
    """Do a handshake. Return the client's certificate as the server sees it."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    theirs = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    ours = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(3):
        for side in (theirs, ours):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
    return ours.getpeercert(binary_form=True)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_rfc8705_2__a_certificate_is_requested_and_not_required(authority, client, version):
    server = authority.ssl_context(CA)
    for pem in (SELF_SIGNED, SIGNED):
        assert received(server, client(pem, version)) == ssl.PEM_cert_to_DER_cert(pem)
    assert received(server, client(None, version)) is None
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        received(server, client(STRANGER, version))


def test_no_certificate_is_requested_unless_a_tenant_uses_mutual_tls(authority, client):
    assert received(authority.ssl_context(), client(SELF_SIGNED)) is None
    assert shake_hands(authority.ssl_context(""), client(), "localhost")


def test_what_tenants_say_takes_effect_with_the_next_connection():
    app = create_app(Tenant())
    assert app.client_roots() is None
    app.tenant.change(with_settings(DOCUMENT, client_ca=CA))
    assert app.client_roots() == CA.strip()
    app.tenant.change(with_tenant(mtls=MutualTls(enable_endpoint_aliases=True)))
    assert app.client_roots() == ""


def test_the_setting_has_to_be_a_certificate():
    with pytest.raises(MockIdPError, match="a PEM certificate"):
        parse_tenant("mockidp: {client_ca: no}")


@pytest.fixture
def idp():
    with MockIdP(with_settings(DOCUMENT, client_ca=CA), tls=True) as idp:
        yield idp


def token(idp, client_id, file=None):
    form = {"grant_type": "client_credentials", "client_id": client_id, "audience": API}
    with requests.Session() as session:
        session.trust_env, session.verify, session.cert = False, str(idp.ca_file), file
        return session.post(f"{idp.tls_url}/oauth/token", data=form, timeout=10)


def test_rfc8705_2__clients_authenticate_in_the_handshake(idp, files):
    idp.patch_api(API, proof_of_possession={"mechanism": "mtls", "required": True})
    for client_id, pem in (("selfsigned", SELF_SIGNED), ("signed", SIGNED)):
        answer = token(idp, client_id, files(pem))
        assert answer.status_code == 200, answer.headers["Mockidp-Hint"]
        claims = claims_of(answer.json()["access_token"])
        assert claims["cnf"] == {"x5t#S256": thumbprint(pem)}
    other = token(idp, "selfsigned", files(certificate("somebody")))
    assert other.status_code == 401
    assert f"has the thumbprint {thumbprint(SELF_SIGNED)}" in other.headers["Mockidp-Hint"]
    assert thumbprint(certificate("somebody")) in other.headers["Mockidp-Hint"]
    assert (
        "It needs a self-signed one"
        in token(idp, "selfsigned", files(SIGNED)).headers["Mockidp-Hint"]
    )
    assert "neither in the TLS handshake" in token(idp, "signed").headers["Mockidp-Hint"]


class Logged(logging.Handler):
    """Waits for the first warning of the server, which is in another thread."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.first = queue.SimpleQueue()

    def emit(self, record):
        self.first.put(record.getMessage())


def test_a_certificate_of_an_unknown_authority_ends_the_connection(idp, files):
    logged, logger = Logged(), logging.getLogger("mockidp.server")
    logger.addHandler(logged)
    try:
        with pytest.raises(requests.ConnectionError):
            token(idp, "signed", files(STRANGER))
        warning = logged.first.get(timeout=SOON)
    finally:
        logger.removeHandler(logged)
    assert "Name the authority that has signed it in the setting client_ca" in warning
