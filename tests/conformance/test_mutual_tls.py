"""Mutual TLS: client authentication and bound access tokens, with the headers of a proxy."""

import html
from dataclasses import replace

import pytest

from helpers.acme import API, CALLBACK, api, with_client, with_tenant
from helpers.client_certificates import (
    DOCUMENT,
    DOMAIN,
    SUBJECT,
    certificate,
    credential,
    mtls_client,
    proxied,
    thumbprint,
)
from helpers.management import ManagementClient
from helpers.tenant_client import TenantClient, claims_of, hint
from mockidp.resources.resource_server import ProofOfPossession
from mockidp.tenant.content.tenant_settings import MutualTls

URL = f"https://{DOMAIN}:9443"
OWN = certificate("selfsigned")
SIGNED = certificate("shop", issuer="Acme CA")
UNAUTHORIZED = {"error": "access_denied", "error_description": "Unauthorized"}


def with_api(*, mechanism="mtls", required=False, document=DOCUMENT):
    """Return the document with a proof of possession of the API."""
    proof = ProofOfPossession(mechanism=mechanism, required=required)
    bound = api(
        API, "read:items", "write:items", allow_offline_access=True, proof_of_possession=proof
    )
    others = [one for one in document.resource_servers if one.identifier != API]
    return replace(document, resource_servers=(bound, *others))


@pytest.fixture
def idp():
    return TenantClient(DOCUMENT, url=URL)


def token(idp, client_id="selfsigned", headers=None, **form):
    body = {"grant_type": "client_credentials", "client_id": client_id, "audience": API}
    return idp.post("/oauth/token", headers=headers, **body | form)


def test_rfc8705_2_2__a_self_signed_certificate_authenticates_its_client(idp):
    answer = token(idp, headers=proxied(OWN))
    assert answer.status_code == 200, (answer.text, hint(answer))
    assert "cnf" not in claims_of(answer.json["access_token"])


def test_rfc8705_2_1__the_subject_of_a_signed_certificate_authenticates_its_client(idp):
    assert token(idp, "signed", proxied(SIGNED, "SUCCESS")).status_code == 200


def test_auth0_mtls__a_subject_may_be_given_by_a_certificate_with_it():
    example = credential("cert_subject_dn", pem=certificate("shop", issuer="Old CA"))
    client = mtls_client("signed", "tls_client_auth", example)
    kept = tuple(one for one in DOCUMENT.clients if one.client_id != "signed")
    idp = TenantClient(replace(DOCUMENT, clients=(*kept, client)), url=URL)
    assert token(idp, "signed", proxied(SIGNED, "SUCCESS")).status_code == 200


def refused(idp, client_id="selfsigned", headers=None, **form):
    answer = token(idp, client_id, headers, **form)
    assert (answer.status_code, answer.json) == (401, UNAUTHORIZED)
    return hint(answer)


def test_rfc8705_2__another_certificate_is_refused_and_both_are_named(idp):
    other = certificate("somebody")
    why = refused(idp, headers=proxied(other))
    assert f"has the thumbprint {thumbprint(OWN)}" in why
    assert f"the subject C=XX, O=Acme, CN=somebody and the thumbprint {thumbprint(other)}" in why
    wrong = certificate("somebody", issuer="Acme CA")
    why = refused(idp, "signed", proxied(wrong, "SUCCESS"))
    assert "has the subject C=XX, O=Acme, CN=shop" in why
    assert "CN=somebody" in why


def test_auth0_mtls__the_result_of_the_proxy_has_to_fit_the_method(idp):
    assert "It needs one that an authority has signed" in refused(idp, "signed", proxied(SIGNED))
    assert "It needs a self-signed one" in refused(idp, headers=proxied(OWN, "SUCCESS"))


def test_auth0_mtls__a_secret_is_no_longer_accepted(idp):
    why = refused(idp, client_secret="selfsigned-secret")
    assert "neither in the TLS handshake nor in the header `client-certificate`" in why


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (proxied(OWN, cname_api_key=None), "Header `cname-api-key` was not sent."),
        (proxied(OWN, cname_api_key="wrong"), "Header `cname-api-key` has another value."),
        (proxied(OWN, None), "`client-certificate-ca-verified` is ''. Send SUCCESS"),
        (proxied("no certificate"), "it is not a PEM certificate"),
        (proxied(OWN.replace("MII", "?")), "its base64 is wrong"),
        (
            proxied("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"),
            "not a certificate",
        ),
        (proxied(OWN * 9), "Auth0 accepts 4096"),
    ],
)
def test_auth0_mtls__wrong_headers_of_a_proxy_are_ignored(idp, headers, reason):
    why = refused(idp, headers=headers)
    assert "The certificate of the proxy was ignored." in why
    assert reason in why
    secret = {"client_id": "web", "client_secret": "web-secret", "username": "alice@acme.example"}
    answer = token(idp, headers=headers, grant_type="password", password="Passw0rd!", **secret)
    assert (answer.status_code, reason in hint(answer)) == (200, True)


def test_auth0_mtls__only_self_managed_custom_domains_have_a_proxy():
    assert "only at a custom domain" in refused(TenantClient(DOCUMENT), headers=proxied(OWN))
    managed = TenantClient(DOCUMENT, url="https://other.acme.test")
    assert "`type: auth0_managed_certs`" in refused(managed, headers=proxied(OWN))
    keyless = tuple(replace(one, cname_api_key=None) for one in DOCUMENT.custom_domains)
    idp = TenantClient(replace(DOCUMENT, custom_domains=keyless), url=URL)
    assert "has no `cname_api_key`" in refused(idp, headers=proxied(OWN))


def test_auth0_credentials__an_expired_one_and_one_without_a_pem_are_named(idp):
    exported = credential("x509_cert")
    expired = credential("x509_cert", pem=OWN, expires_at="2020-01-01T00:00:00.000Z")
    client = mtls_client("old", "self_signed_tls_client_auth", exported, expired)
    idp.edit(replace(DOCUMENT, clients=(*DOCUMENT.clients, client)))
    why = refused(idp, "old", proxied(OWN))
    assert "its certificate has no `pem` or its certificate expired at 2020-01-01" in why
    idp.edit(replace(DOCUMENT, clients=(mtls_client("old", "tls_client_auth"),)))
    assert "Expected: none is registered." in refused(idp, "old", proxied(SIGNED, "SUCCESS"))


def test_rfc8705_3__tokens_of_an_api_with_mtls_are_bound_to_the_certificate():
    idp = TenantClient(with_api(), url=URL)
    claims = claims_of(token(idp, headers=proxied(OWN)).json["access_token"])
    assert claims["cnf"] == {"x5t#S256": thumbprint(OWN)}
    by_secret = {"client_id": "m2m", "client_secret": "m2m-secret"}
    assert "cnf" not in claims_of(token(idp, **by_secret).json["access_token"])
    sent = token(idp, headers=proxied(SIGNED), **by_secret)
    assert claims_of(sent.json["access_token"])["cnf"] == {"x5t#S256": thumbprint(SIGNED)}


def test_auth0_proof_of_possession__no_token_is_issued_without_one_that_is_required():
    idp = TenantClient(with_api(required=True), url=URL)
    assert token(idp, headers=proxied(OWN)).status_code == 200
    by_secret = {"client_id": "m2m", "client_secret": "m2m-secret"}
    answer = token(idp, **by_secret)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    assert f"API {API} has `proof_of_possession.required: true`" in hint(answer)
    assert "Send the request with mutual TLS" in hint(answer)
    front = TenantClient(with_api(required=True))
    login = front.authorize(client_id="implicit-only", response_type="token", audience=API)
    assert "#error=invalid_request" in front.log_in(login.location).location
    idp.edit(with_api(mechanism="dpop", required=True))
    assert "which mockidp does not support" in hint(token(idp, headers=proxied(OWN)))


def test_auth0_proof_of_possession__a_client_may_require_one():
    document = with_client(DOCUMENT, "selfsigned", require_proof_of_possession=True)
    idp = TenantClient(document, url=URL)
    answer = token(idp, headers=proxied(OWN))
    assert answer.status_code == 400
    assert "has no `proof_of_possession` with `mechanism: mtls`" in hint(answer)
    idp.edit(with_api(document=document))
    assert token(idp, headers=proxied(OWN)).status_code == 200


@pytest.mark.parametrize("audience", [None, API])
def test_rfc8705_3__userinfo_needs_the_certificate_of_the_token(audience):
    idp = TenantClient(with_api(), url=URL)
    headers = proxied(OWN)
    callback = idp.callback(
        client_id="selfsigned", audience=audience, scope="openid offline_access"
    )
    redeemed = idp.post(
        "/oauth/token",
        headers=headers,
        grant_type="authorization_code",
        client_id="selfsigned",
        code=callback["code"],
        redirect_uri=CALLBACK,
    )
    access = {"Authorization": f"Bearer {redeemed.json['access_token']}"}
    assert idp.get("/userinfo", headers=access | headers).json["sub"] == "auth0|alice"
    without = idp.get("/userinfo", headers=access)
    assert without.status_code == 401
    assert f"bound to the certificate with the thumbprint {thumbprint(OWN)}" in hint(without)
    other = idp.get("/userinfo", headers=access | proxied(SIGNED))
    assert f"CN=shop and the thumbprint {thumbprint(SIGNED)} was sent" in hint(other)


def test_auth0_mtls__pushed_requests_and_revocation_accept_the_certificate():
    document = with_tenant(DOCUMENT, pushed_authorization_requests_supported=True)
    idp = TenantClient(document, url=URL)
    body = {"client_id": "selfsigned", "response_type": "code", "redirect_uri": CALLBACK}
    assert idp.post("/oauth/par", headers=proxied(OWN), **body).status_code == 201
    assert idp.post("/oauth/par", **body).status_code == 401
    revoked = idp.post("/oauth/revoke", headers=proxied(OWN), client_id="selfsigned", token="x")
    assert revoked.status_code == 200


def test_rfc8705_5__discovery_has_the_aliases_and_they_answer():
    aliased = with_tenant(
        DOCUMENT,
        mtls=MutualTls(enable_endpoint_aliases=True),
        pushed_authorization_requests_supported=True,
    )
    idp = TenantClient(aliased, url=URL)
    discovery = idp.get("/.well-known/openid-configuration").json
    assert discovery["tls_client_certificate_bound_access_tokens"] is True
    mtls = f"https://mtls.{DOMAIN}:9443"
    assert discovery["mtls_endpoint_aliases"] == {
        "token_endpoint": f"{mtls}/oauth/token",
        "userinfo_endpoint": f"{mtls}/userinfo",
        "pushed_authorization_request_endpoint": f"{mtls}/oauth/par",
    }
    answer = token(idp.another_browser(mtls), headers=proxied(OWN))
    assert claims_of(answer.json["access_token"])["iss"] == f"{URL}/"
    own = TenantClient(aliased).get("/.well-known/openid-configuration").json
    assert own["mtls_endpoint_aliases"]["token_endpoint"] == own["token_endpoint"]
    managed = TenantClient(aliased, url="https://other.acme.test")
    document = managed.get("/.well-known/openid-configuration").json
    assert "mtls_endpoint_aliases" not in document


def test_auth0_mtls__the_host_of_the_aliases_is_unknown_unless_they_are_on():
    idp = TenantClient(DOCUMENT, url=f"https://mtls.{DOMAIN}")
    answer = idp.get("/.well-known/openid-configuration").json
    assert answer["issuer"] == f"https://mtls.{DOMAIN}/", "*.test is a name of the tenant's own"
    assert "mtls_endpoint_aliases" not in answer


def test_auth0_management__credentials_are_created_named_and_used():
    idp = ManagementClient(document=DOCUMENT)
    path = "/clients/web/credentials"
    made = idp.call("POST", path, {"credential_type": "x509_cert", "name": "mine", "pem": OWN}).json
    assert made["thumbprint_sha256"] == thumbprint(OWN)
    assert made["subject_dn"] == SUBJECT.format("selfsigned")
    assert "alg" not in made
    by_subject = {"credential_type": "cert_subject_dn", "subject_dn": SUBJECT.format("shop")}
    assert idp.call("POST", path, by_subject).json["subject_dn"] == SUBJECT.format("shop")
    method = {"self_signed_tls_client_auth": {"credentials": [{"id": made["id"]}]}}
    changes = {"token_endpoint_auth_method": None, "client_authentication_methods": method}
    assert idp.call("PATCH", "/clients/web", changes).status_code == 200
    changed = idp.call("GET", "/clients/web").json
    assert changed["client_authentication_methods"] == method
    [used] = idp.tenant.directory.client("web").tls_credentials
    assert used.pem == OWN


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"credential_type": "x509_cert"}, "pem"),
        ({"credential_type": "cert_subject_dn"}, "pem"),
        ({"credential_type": "x509_cert", "pem": OWN, "subject_dn": "CN=x"}, "subject_dn"),
        ({"credential_type": "x509_cert", "pem": "no certificate"}, "pem"),
    ],
)
def test_auth0_management__incomplete_credentials_are_refused(body, reason):
    answer = ManagementClient(document=DOCUMENT).call("POST", "/clients/web/credentials", body)
    assert answer.status_code == 400
    assert reason in html.unescape(answer.text)


def test_auth0_management__the_first_verification_of_a_domain_shows_the_key_of_its_proxy():
    idp = ManagementClient()
    body = {"domain": "auth.acme.test", "type": "self_managed_certs"}
    made = idp.call("POST", "/custom-domains", body).json
    assert "cname_api_key" not in made
    path = f"/custom-domains/{made['custom_domain_id']}/verify"
    key = idp.call("POST", path).json["cname_api_key"]
    assert idp.tenant.directory.custom_domains["auth.acme.test"].cname_api_key == key
    assert "cname_api_key" not in idp.call("POST", path).json
