"""Clients with TLS certificates (RFC 8705): openid-client, Authlib and requests."""

from pathlib import Path

import pytest
import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from helpers.client_certificates import SUBJECT, certificate, key_pem, thumbprint
from helpers.client_facts import shows
from helpers.tenant_client import claims_of
from mockidp import RemoteIdP

API = "https://api.acme.example/"
WORKS = ["client credentials with mutual TLS", "access token bound to a certificate"]
WRONG = ["wrong client certificate"]
SELF_SIGNED, SIGNED = certificate("selfsigned"), certificate("shop", issuer="Acme CA")
OTHER = certificate("somebody")


@pytest.fixture(scope="module", autouse=True)
def clients(acme):
    """Two clients of the running tenant with certificates, and an API that binds its tokens."""
    url = f"{acme.url}/_mockidp/v1/tenant"
    before = requests.get(url, timeout=10).json()
    changed = before | {
        "tenant": before["tenant"] | {"mtls": {"enable_endpoint_aliases": True}},
        "mockidp": before.get("mockidp", {}) | {"client_ca": certificate("Acme CA", is_ca=True)},
    }
    requests.put(url, json=changed, timeout=10).raise_for_status()
    remote = RemoteIdP(acme.url)
    remote.patch_api(API, proof_of_possession={"mechanism": "mtls", "required": True})
    for client_id, method, credential in (
        ("selfsigned", "self_signed_tls_client_auth",
         {"credential_type": "x509_cert", "pem": SELF_SIGNED}),
        ("signed", "tls_client_auth",
         {"credential_type": "cert_subject_dn", "subject_dn": SUBJECT.format("shop")}),
    ):  # fmt: skip
        remote.add_client(
            client_id,
            grant_types=["client_credentials"],
            client_authentication_methods={method: {"credentials": [credential]}},
        )
        remote.add_client_grant(client_id=client_id, audience=API, scope=["read:items"])
    yield
    requests.put(url, json=before, timeout=10).raise_for_status()


def is_bound(token, pem):
    return claims_of(token)["cnf"] == {"x5t#S256": thumbprint(pem)}


@shows("openid-client 6", *WORKS, refuses=WRONG, over="https")
def test_openid_client(node, acme):
    given = {
        "issuer": acme.tls_url + "/", "audience": API, "ca": Path(acme.ca_file).read_text(),
        "key": key_pem(), "selfSigned": SELF_SIGNED, "signed": SIGNED, "wrong": OTHER,
    }  # fmt: skip
    done = node("mutual-tls.mjs", given, ca_file=acme.ca_file)
    assert is_bound(done["selfSigned"]["value"]["access_token"], SELF_SIGNED)
    assert is_bound(done["signed"]["value"]["access_token"], SIGNED)
    assert done["signed"]["aliases"]["token_endpoint"] == f"{acme.tls_url}/oauth/token"
    assert done["wrong"]["refused"]["status"] == 401


@shows("Authlib (requests)", *WORKS, refuses=WRONG, over="https")
@pytest.mark.parametrize(
    ("client_id", "pem"), [("selfsigned", SELF_SIGNED), ("signed", SIGNED), ("selfsigned", OTHER)]
)
def test_authlib(acme, tmp_path, client_id, pem):
    file = tmp_path / "client.pem"
    file.write_text(pem + key_pem())
    session = OAuth2Session(client_id, token_endpoint_auth_method="none")
    session.trust_env, session.verify, session.cert = False, str(acme.ca_file), str(file)

    def fetch():
        return session.fetch_token(
            f"{acme.tls_url}/oauth/token", grant_type="client_credentials", audience=API
        )

    if pem == OTHER:
        with pytest.raises(OAuthError, match="Unauthorized"):
            fetch()
    else:
        assert is_bound(fetch()["access_token"], pem)
