"""The claims and the form of client assertions, at /oauth/token."""

import pytest

from helpers.acme import URL
from helpers.assertions import (
    public_pem,
    refusal,
    request_token,
    sign,
    signer_document,
)
from helpers.tenant_client import TenantClient
from mockidp.protocol.clients.keys import load_client_key
from mockidp.resources.client_credential import (
    Credential,
)

KID = load_client_key(public_pem(), alg="RS256", kid=None).kid


@pytest.fixture
def idp():
    return TenantClient(signer_document(Credential(name="first", pem=public_pem())))


@pytest.mark.parametrize(
    "aud", [f"{URL}/", [f"{URL}/", f"{URL}/oauth/token"], "https://127.0.0.1/"]
)
def test_auth0_private_key_jwt__the_audience_is_the_issuer(idp, aud):
    assert request_token(idp, sign(idp, aud=aud)).status_code == 200


@pytest.mark.parametrize(
    "aud", [URL, f"{URL}/oauth/token", [f"{URL}/oauth/token"], "https://acme.example/", [], 1, None]
)
def test_auth0_private_key_jwt__any_other_audience_is_refused(idp, aud):
    assert refusal(request_token(idp, sign(idp, aud=aud))) == (
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
    assert refusal(request_token(idp, sign(idp, **moved))) == why


@pytest.mark.parametrize("claims", [{"exp": 300}, {"iat": 10}, {"nbf": 10}, {"iat": None}])
def test_auth0_private_key_jwt__times_at_the_limits_are_accepted(idp, claims):
    now = int(idp.tenant.now())
    moved = {name: value and now + value for name, value in claims.items()}
    assert request_token(idp, sign(idp, **moved)).status_code == 200


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
    assert refusal(request_token(idp, sign(idp, **claims))) == why


def test_rfc7523_3__the_subject_is_the_client_of_the_request(idp):
    answer = request_token(idp, sign(idp, sub="web"), client_id="signer")
    assert refusal(answer) == "Its `sub` is 'web', but the client is signer."


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
    assert refusal(request_token(idp, assertion, **client_id)) == why
