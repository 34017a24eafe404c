"""Client authentication with private_key_jwt, at /oauth/token and /oauth/revoke."""

import pytest

from helpers.acme import API, CALLBACK, URL
from helpers.assertions import (
    JWT_BEARER,
    OTHER_KEY,
    public_pem,
    refusal,
    request_token,
    sign,
    signer_document,
    with_assertion,
)
from helpers.tenant_client import TenantClient, basic, claims_of, hint, race
from mockidp.protocol.clients.keys import load_client_key
from mockidp.protocol.oauth.grant_types import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, REFRESH_TOKEN
from mockidp.resources.client_credential import (
    Credential,
)
from mockidp.tenant.content.zero_config import ZERO_CONFIG

KID = load_client_key(public_pem(), alg="RS256", kid=None).kid


@pytest.fixture
def idp():
    return TenantClient(signer_document(Credential(name="first", pem=public_pem())))


@pytest.mark.parametrize("client_id", [None, "signer"])
def test_rfc7523_2_2__an_assertion_authenticates_the_client(idp, client_id):
    form = {"client_id": client_id} if client_id else {}
    answer = request_token(idp, sign(idp), **form)
    assert answer.status_code == 200, answer.text
    claims = claims_of(answer.json["access_token"])
    assert (claims["sub"], claims["scope"]) == ("signer@clients", "read:items")
    assert hint(answer) == ""


@pytest.mark.parametrize("alg", ["RS256", "RS384", "PS256"])
@pytest.mark.parametrize("kid", [None, "k1", KID], ids=["none", "own", "thumbprint"])
def test_auth0_private_key_jwt__the_algorithms_and_key_ids(alg, kid):
    own = kid if kid == "k1" else None
    idp = TenantClient(signer_document(Credential(pem=public_pem(), alg=alg, kid=own)))
    header = {"kid": kid} if kid else None
    assert request_token(idp, sign(idp, alg=alg, header=header)).status_code == 200


def test_rfc7523__code_and_refresh_token_are_exchanged_with_assertions(idp):
    code = idp.callback(client_id="signer", scope="openid offline_access", audience=API)["code"]
    grant = {"grant_type": AUTHORIZATION_CODE, "code": code, "redirect_uri": CALLBACK}
    tokens = idp.post("/oauth/token", **grant | with_assertion(sign(idp)))
    assert tokens.status_code == 200, tokens.text
    refresh = {"grant_type": REFRESH_TOKEN, "refresh_token": tokens.json["refresh_token"]}
    assert idp.post("/oauth/token", **refresh | with_assertion(sign(idp))).status_code == 200
    revoked = idp.post(
        "/oauth/revoke", token=tokens.json["refresh_token"], **with_assertion(sign(idp))
    )
    assert (revoked.status_code, revoked.data, hint(revoked)) == (200, b"", "")
    again = idp.post("/oauth/token", **refresh | with_assertion(sign(idp)))
    assert (again.status_code, again.json["error"]) == (403, "invalid_grant")


def test_rfc7523__a_second_credential_verifies_too():
    first, second = Credential(pem=public_pem(OTHER_KEY)), Credential(pem=public_pem())
    idp = TenantClient(signer_document(first, second))
    assert request_token(idp, sign(idp)).status_code == 200
    assert request_token(idp, sign(idp, header={"kid": KID})).status_code == 200


def test_an_assertion_may_be_sent_as_json(idp):
    body = {"grant_type": CLIENT_CREDENTIALS, "audience": API} | with_assertion(sign(idp))
    assert idp.post("/oauth/token", json_body=body).status_code == 200


def test_a_wrong_key_is_refused_and_the_hint_lists_the_credentials(idp):
    assert refusal(request_token(idp, sign(idp, key=OTHER_KEY))) == (
        "The signature does not match the content, which was changed. Credentials of the client: "
        f"first has the `kid` {KID} and is for RS256."
    )
    assert refusal(request_token(idp, sign(idp, header={"kid": "k9"}))) == (
        "No key of the client has the `kid` 'k9'. Credentials of the client: "
        f"first has the `kid` {KID} and is for RS256."
    )
    assert refusal(request_token(idp, sign(idp, alg="RS384"))).startswith(
        f"The token is signed with RS384, but key '{KID}' is for RS256."
    )


def test_a_client_secret_jwt_is_refused(idp):
    token = sign(idp, key="signer-secret" * 3, alg="HS256")
    assert refusal(request_token(idp, token)).startswith(
        "The token is signed with HS256 instead of RS256 or RS384 or PS256."
    )


def test_a_credential_expires():
    expiring = Credential(
        name="old", pem=public_pem(), expires_at="2001-01-01T00:00:00.000Z", kid="k1"
    )
    idp = TenantClient(signer_document(expiring))
    assert refusal(request_token(idp, sign(idp))) == (
        "The client has no key to verify the signature with. Credentials of the client: old "
        "expired at 2001-01-01T00:00:00.000Z."
    )


def test_a_credential_of_an_export_has_no_pem_and_the_hint_says_so():
    idp = TenantClient(signer_document(Credential(id="cred_1")))
    assert refusal(request_token(idp, sign(idp))) == (
        "The client has no key to verify the signature with. Credentials of the client: cred_1 "
        "has no `pem`."
    )
    idp = TenantClient(signer_document())
    assert refusal(request_token(idp, sign(idp))).endswith("Credentials of the client: none.")


def test_an_assertion_is_used_once(idp):
    assertion = sign(idp, jti="once")
    assert request_token(idp, assertion).status_code == 200
    again = refusal(request_token(idp, assertion))
    assert again.startswith("An assertion with this `jti` was used at ")
    assert again.endswith(" UTC. Make a new one for each request.")
    assert refusal(request_token(idp, sign(idp, jti="once"))) == again
    idp.later(61)
    assert request_token(idp, sign(idp, jti="once")).status_code == 200


def test_an_assertion_is_used_once_among_fifty_concurrent_requests(idp):
    assertion = sign(idp)
    statuses = [answer.status_code for answer in race(lambda: request_token(idp, assertion))]
    assert sorted(statuses) == [200] + [401] * 49


def test_a_used_assertion_survives_a_snapshot(idp):
    assertion = sign(idp)
    assert request_token(idp, assertion).status_code == 200
    taken = idp.tenant.snapshot()
    idp.tenant.reset()
    idp.tenant.restore(taken)
    assert "was used at" in refusal(request_token(idp, assertion))


def test_a_refused_assertion_is_not_used_up(idp):
    assertion = sign(idp, jti="same", aud="https://wrong.example/")
    refusal(request_token(idp, assertion))
    assert request_token(idp, sign(idp, jti="same")).status_code == 200


@pytest.mark.parametrize("client_id", ["web", "spa", "m2m"])
def test_a_client_without_private_key_jwt_is_refused_and_the_hint_says_where_to_register(
    idp, client_id
):
    answer = request_token(idp, sign(idp, iss=client_id, sub=client_id))
    assert refusal(answer) == (
        f"Client {client_id} does not authenticate with private_key_jwt. Register its public key "
        "in `client_authentication_methods.private_key_jwt.credentials`."
    )


def test_an_unknown_client_is_refused_as_for_a_secret(idp):
    answer = request_token(idp, sign(idp, iss="nope", sub="nope"))
    assert answer.status_code == 401
    assert answer.json == {"error": "access_denied", "error_description": "Unauthorized"}
    assert "'nope'" in hint(answer)


REMEDY = (
    "Client signer authenticates with private_key_jwt, but {}. Send a `client_assertion` that is "
    "signed with a key of the client, or remove `client_authentication_methods` from the client so "
    "that it authenticates with a secret."
)


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_a_client_with_private_key_jwt_cannot_use_a_secret(idp, path):
    answer = idp.post(path, client_id="signer", client_secret="x", grant_type=CLIENT_CREDENTIALS)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Unauthorized"
    assert hint(answer) == REMEDY.format("a `client_secret` was sent")


def test_the_hint_names_neither_the_owner_nor_the_damage_of_a_secret(idp):
    answer = idp.token(
        grant_type=CLIENT_CREDENTIALS, client_id="signer", client_secret="web-secret"
    )
    assert hint(answer) == REMEDY.format("a `client_secret` was sent")


def test_a_client_with_private_key_jwt_that_sends_nothing_is_asked_for_an_assertion(idp):
    answer = idp.token(grant_type=CLIENT_CREDENTIALS, client_id="signer", client_secret=None)
    assert (answer.status_code, answer.json["error"]) == (401, "access_denied")
    assert hint(answer) == REMEDY.format("no `client_assertion` was sent")


@pytest.mark.parametrize("more", [{"client_secret": "x"}, {}])
def test_rfc6749_2_3__an_assertion_and_a_secret_at_once_are_refused(idp, more):
    headers = None if more else basic("signer", "x")
    form = {"grant_type": CLIENT_CREDENTIALS} | with_assertion(sign(idp)) | more
    answer = idp.post("/oauth/token", headers=headers, **form)
    assert answer.status_code == 400
    assert answer.json == {
        "error": "invalid_request",
        "error_description": "Multiple client authentication methods",
    }
    assert hint(answer) == (
        "The request has a client assertion and a client secret. Send only one of them."
    )


@pytest.mark.parametrize(
    ("form", "described", "why"),
    [
        ({"client_assertion": "x"}, "Missing required parameter: client_assertion_type", ""),
        ({"client_assertion_type": JWT_BEARER}, "Missing required parameter: client_assertion", ""),
        ({"client_assertion": "x", "client_assertion_type": "jwt"}, "Invalid client_assertion_type",
         f"Parameter `client_assertion_type` is 'jwt'. Send {JWT_BEARER}."),
    ],
)  # fmt: skip
def test_rfc7521_4_2__both_parameters_belong_together(idp, form, described, why):
    answer = idp.post("/oauth/token", grant_type=CLIENT_CREDENTIALS, client_id="signer", **form)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    assert answer.json["error_description"] == described
    assert why in hint(answer)


def test_the_journal_shows_the_checks_and_no_assertion(idp):
    request_token(idp, sign(idp, aud="https://wrong.example/"))
    entry = list(idp.tenant.journal)[-1]
    assert entry.parameters["client_assertion"] == "***"
    names = [check.name for check in entry.trace]
    assert names == [
        "client_authentication", "client_id", "assertion_signature", "assertion_claims",
        "assertion_audience",
    ]  # fmt: skip
    assert entry.trace[-1].compared == {"sent": "https://wrong.example/", "issuer": f"{URL}/"}


def test_without_a_tenant_file_any_client_may_sign_and_the_hint_says_that_no_key_was_checked():
    idp = TenantClient(ZERO_CONFIG)
    answer = request_token(idp, sign(idp, key=OTHER_KEY))
    assert answer.status_code == 200, (answer.text, hint(answer))
    assert (
        "The signature of the client assertion was not checked, because client signer is in no "
        "tenant file."
    ) in hint(answer)
    assert "`aud`" in refusal(request_token(idp, sign(idp, aud="x")))


def test_discovery_announces_the_method_and_its_algorithms(idp):
    document = idp.get("/.well-known/openid-configuration").json
    assert document["token_endpoint_auth_methods_supported"] == [
        "client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth",
        "self_signed_tls_client_auth",
    ]  # fmt: skip
    assert document["token_endpoint_auth_signing_alg_values_supported"] == [
        "RS256", "RS384", "PS256",
    ]  # fmt: skip
