"""Client authentication with private_key_jwt, at /oauth/token and /oauth/revoke."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, CALLBACK, GRANTS, URL, web_client
from helpers.assertions import (
    JWT_BEARER,
    OTHER_KEY,
    make_assertion,
    public_pem,
    with_assertion,
)
from helpers.tenant_client import TenantClient, basic, claims_of, hint, race
from mockidp.protocol.client_keys import load_client_key
from mockidp.protocol.grant_types import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, REFRESH_TOKEN
from mockidp.resources.client_credential import (
    ClientAuthenticationMethods,
    Credential,
    PrivateKeyJwt,
)
from mockidp.resources.client_grant import ClientGrant
from mockidp.tenant.zero_config import ZERO_CONFIG

KID = load_client_key(public_pem(), alg="RS256", kid=None).kid
UNAUTHORIZED = {"error": "invalid_client", "error_description": "Unauthorized"}
REFUSED = "The client assertion was refused."


def document(*credentials):
    """Return the tenant with the client `signer`, which has these credentials."""
    methods = ClientAuthenticationMethods(private_key_jwt=PrivateKeyJwt(credentials=credentials))
    signer = web_client(
        "signer",
        client_secret=None,
        client_authentication_methods=methods,
        grant_types=(AUTHORIZATION_CODE, REFRESH_TOKEN, CLIENT_CREDENTIALS),
    )
    grant = ClientGrant(client_id="signer", audience=API, scope=("read:items",))
    return replace(ACME, clients=(*ACME.clients, signer), client_grants=(*GRANTS, grant))


@pytest.fixture
def idp():
    return TenantClient(document(Credential(name="first", pem=public_pem())))


def ask(idp, assertion, **form):
    """Request a machine's token with an assertion."""
    return idp.post(
        "/oauth/token",
        **{"grant_type": CLIENT_CREDENTIALS, "audience": API} | with_assertion(assertion) | form,
    )


def sign(idp, **options):
    return make_assertion(idp.tenant.now(), **options)


def refusal(answer):
    """Return the hint of a refused assertion, without its first sentence."""
    assert (answer.status_code, answer.json) == (401, UNAUTHORIZED)
    first, _, rest = hint(answer).partition(" was refused. ")
    assert first == "The client assertion"
    return rest


@pytest.mark.parametrize("client_id", [None, "signer"])
def test_rfc7523_2_2__an_assertion_authenticates_the_client(idp, client_id):
    form = {"client_id": client_id} if client_id else {}
    answer = ask(idp, sign(idp), **form)
    assert answer.status_code == 200, answer.text
    claims = claims_of(answer.json["access_token"])
    assert (claims["sub"], claims["scope"]) == ("signer@clients", "read:items")
    assert hint(answer) == ""


@pytest.mark.parametrize("alg", ["RS256", "RS384", "PS256"])
@pytest.mark.parametrize("kid", [None, "k1", KID], ids=["none", "own", "thumbprint"])
def test_auth0_private_key_jwt__the_algorithms_and_key_ids(alg, kid):
    own = kid if kid == "k1" else None
    idp = TenantClient(document(Credential(pem=public_pem(), alg=alg, kid=own)))
    header = {"kid": kid} if kid else None
    assert ask(idp, sign(idp, alg=alg, header=header)).status_code == 200


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
    idp = TenantClient(document(first, second))
    assert ask(idp, sign(idp)).status_code == 200
    assert ask(idp, sign(idp, header={"kid": KID})).status_code == 200


def test_an_assertion_may_be_sent_as_json(idp):
    body = {"grant_type": CLIENT_CREDENTIALS, "audience": API} | with_assertion(sign(idp))
    assert idp.post("/oauth/token", json_body=body).status_code == 200


@pytest.mark.parametrize(
    "aud", [f"{URL}/", [f"{URL}/", f"{URL}/oauth/token"], "https://127.0.0.1/"]
)
def test_auth0_private_key_jwt__the_audience_is_the_issuer(idp, aud):
    assert ask(idp, sign(idp, aud=aud)).status_code == 200


@pytest.mark.parametrize(
    "aud", [URL, f"{URL}/oauth/token", [f"{URL}/oauth/token"], "https://acme.example/", [], 1, None]
)
def test_auth0_private_key_jwt__any_other_audience_is_refused(idp, aud):
    assert refusal(ask(idp, sign(idp, aud=aud))) == (
        f"Its `aud` is {aud!r}. Set it to the issuer '{URL}/', with the slash at the end."
    )


LATER = "by the tenant's clock"
AHEAD = f"Its `{{}}` is 11 seconds in the future {LATER}, but the limit is 10. Compare the clocks."


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"exp": 0}, f"It expired 0 seconds ago {LATER}."),
        ({"exp": -5}, f"It expired 5 seconds ago {LATER}."),
        ({"exp": 301},
         "It is valid for 301 seconds, but the limit is 300. Set `exp` closer to `iat`."),
        ({"iat": None, "exp": 301},
         "It is valid for 301 seconds, but the limit is 300. Set `exp` closer to `iat`."),
        ({"iat": -200, "exp": 101},
         "It is valid for 301 seconds, but the limit is 300. Set `exp` closer to `iat`."),
        ({"iat": 11}, AHEAD.format("iat")),
        ({"nbf": 11}, AHEAD.format("nbf")),
    ],
)  # fmt: skip
def test_auth0_private_key_jwt__times(idp, claims, why):
    now = int(idp.tenant.now())
    moved = {name: value and now + value for name, value in claims.items()}
    moved = {name: now if value == 0 else value for name, value in moved.items()}
    assert refusal(ask(idp, sign(idp, **moved))) == why


@pytest.mark.parametrize("claims", [{"exp": 300}, {"iat": 10}, {"nbf": 10}, {"iat": None}])
def test_auth0_private_key_jwt__times_at_the_limits_are_accepted(idp, claims):
    now = int(idp.tenant.now())
    moved = {name: value and now + value for name, value in claims.items()}
    assert ask(idp, sign(idp, **moved)).status_code == 200


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"exp": None}, "It has no `exp`. Set it to a time in the next minutes."),
        ({"exp": "soon"}, "Its `exp` is 'soon' instead of a number."),
        ({"exp": True}, "Its `exp` is True instead of a number."),
        ({"exp": 1e300}, "Its `exp` is 1e+300 instead of a number."),
        ({"iat": [1]}, "Its `iat` is [1] instead of a number."),
        ({"iss": "web"}, "Its `iss` is 'web', but the client is signer."),
        ({"iss": None}, "Its `iss` is missing or not a string. Set it to the client's id."),
        ({"sub": None}, "Its `sub` is missing or not a string. Set it to the client's id."),
        ({"sub": ""}, "Its `sub` is missing or not a string. Set it to the client's id."),
        ({"jti": None}, "Its `jti` is missing or not a string. Set it to a new id for each assertion."),
        ({"jti": "j" * 65}, "Its `jti` has 65 characters, but the limit is 64."),
    ],
)  # fmt: skip
def test_rfc7523_3__claims_that_are_missing_or_wrong(idp, claims, why):
    assert refusal(ask(idp, sign(idp, **claims))) == why


def test_rfc7523_3__the_subject_is_the_client_of_the_request(idp):
    answer = ask(idp, sign(idp, sub="web"), client_id="signer")
    assert refusal(answer) == "Its `sub` is 'web', but the client is signer."


def test_a_wrong_key_is_refused_and_the_hint_lists_the_credentials(idp):
    assert refusal(ask(idp, sign(idp, key=OTHER_KEY))) == (
        "The signature does not match the content, which was changed. Credentials of the client: "
        f"first has the `kid` {KID} and is for RS256."
    )
    assert refusal(ask(idp, sign(idp, header={"kid": "k9"}))) == (
        "No key of the client has the `kid` 'k9'. Credentials of the client: "
        f"first has the `kid` {KID} and is for RS256."
    )
    assert refusal(ask(idp, sign(idp, alg="RS384"))).startswith(
        f"The token is signed with RS384, but key '{KID}' is for RS256."
    )


def test_a_client_secret_jwt_is_refused(idp):
    token = sign(idp, key="signer-secret" * 3, alg="HS256")
    assert refusal(ask(idp, token)).startswith(
        "The token is signed with HS256 instead of RS256 or RS384 or PS256."
    )


def test_a_credential_expires():
    expiring = Credential(
        name="old", pem=public_pem(), expires_at="2001-01-01T00:00:00.000Z", kid="k1"
    )
    idp = TenantClient(document(expiring))
    assert refusal(ask(idp, sign(idp))) == (
        "The client has no key to verify the signature with. Credentials of the client: old "
        "expired at 2001-01-01T00:00:00.000Z."
    )


def test_a_credential_of_an_export_has_no_pem_and_the_hint_says_so():
    idp = TenantClient(document(Credential(id="cred_1")))
    assert refusal(ask(idp, sign(idp))) == (
        "The client has no key to verify the signature with. Credentials of the client: cred_1 "
        "has no `pem`."
    )
    idp = TenantClient(document())
    assert refusal(ask(idp, sign(idp))).endswith("Credentials of the client: none.")


def test_an_assertion_is_used_once(idp):
    assertion = sign(idp, jti="once")
    assert ask(idp, assertion).status_code == 200
    again = refusal(ask(idp, assertion))
    assert again.startswith("An assertion with this `jti` was used at ")
    assert again.endswith(" UTC. Make a new one for each request.")
    assert refusal(ask(idp, sign(idp, jti="once"))) == again
    idp.later(61)
    assert ask(idp, sign(idp, jti="once")).status_code == 200


def test_an_assertion_is_used_once_among_fifty_concurrent_requests(idp):
    assertion = sign(idp)
    statuses = [answer.status_code for answer in race(lambda: ask(idp, assertion))]
    assert sorted(statuses) == [200] + [401] * 49


def test_a_used_assertion_survives_a_snapshot(idp):
    assertion = sign(idp)
    assert ask(idp, assertion).status_code == 200
    taken = idp.tenant.snapshot()
    idp.tenant.reset()
    idp.tenant.restore(taken)
    assert "was used at" in refusal(ask(idp, assertion))


def test_a_refused_assertion_is_not_used_up(idp):
    assertion = sign(idp, jti="same", aud="https://wrong.example/")
    refusal(ask(idp, assertion))
    assert ask(idp, sign(idp, jti="same")).status_code == 200


@pytest.mark.parametrize("client_id", ["web", "spa", "m2m"])
def test_a_client_without_private_key_jwt_is_refused_and_the_hint_says_where_to_register(
    idp, client_id
):
    answer = ask(idp, sign(idp, iss=client_id, sub=client_id))
    assert refusal(answer) == (
        f"Client {client_id} does not authenticate with private_key_jwt. Register its public key "
        "in `client_authentication_methods.private_key_jwt.credentials`."
    )


def test_an_unknown_client_is_refused_as_for_a_secret(idp):
    answer = ask(idp, sign(idp, iss="nope", sub="nope"))
    assert answer.status_code == 401
    assert answer.json == {"error": "access_denied", "error_description": "Unauthorized"}
    assert "'nope'" in hint(answer)


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_a_client_with_private_key_jwt_cannot_use_a_secret(idp, path):
    answer = idp.post(path, client_id="signer", client_secret="x", grant_type=CLIENT_CREDENTIALS)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Unauthorized"
    assert hint(answer).startswith(
        "Client signer authenticates with private_key_jwt, and no `client_assertion` was sent."
    )


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


@pytest.mark.parametrize(
    ("assertion", "why"),
    [
        ("x", "A JWT has three parts, but this has 1."),
        ("a.b.c", "Header or payload is not base64url JSON."),
        ("e30.W10.c", "Header or payload is not a JSON object."),
        ("e30.e30.c", "Its `sub` is missing or not a string. Set it to the client's id."),
        ("x" * 2049, "It has 2049 characters, but the limit is 2048."),
    ],
)
@pytest.mark.parametrize("client_id", [{}, {"client_id": "signer"}])
def test_a_malformed_assertion(idp, assertion, why, client_id):
    assert refusal(ask(idp, assertion, **client_id)) == why


def test_the_journal_shows_the_checks_and_no_assertion(idp):
    ask(idp, sign(idp, aud="https://wrong.example/"))
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
    answer = ask(idp, sign(idp, key=OTHER_KEY))
    assert answer.status_code == 200, (answer.text, hint(answer))
    assert (
        "The signature of the client assertion was not checked, because client signer is in no "
        "tenant file."
    ) in hint(answer)
    assert "`aud`" in refusal(ask(idp, sign(idp, aud="x")))


def test_discovery_announces_the_method_and_its_algorithms(idp):
    document = idp.get("/.well-known/openid-configuration").json
    assert document["token_endpoint_auth_methods_supported"] == [
        "client_secret_basic", "client_secret_post", "private_key_jwt",
    ]  # fmt: skip
    assert document["token_endpoint_auth_signing_alg_values_supported"] == [
        "RS256", "RS384", "PS256",
    ]  # fmt: skip
