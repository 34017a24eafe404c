"""Minted tokens, verified with PyJWT."""

import re

import jwt
import pytest

from helpers.acme import API, RBAC_API
from helpers.tenant_client import claims_of, header_of
from mockidp import MockIdPError

NOW = 1896091200
OPAQUE = r"[A-Za-z0-9]{32}"


@pytest.fixture
def verify(wire):
    """Verify a token as an API does, except for its times."""
    return lambda token, audience=API: _verify(wire, token, audience)


def _verify(wire, token, audience):
    issuer = f"{wire.url}/"
    keys = jwt.PyJWKSet.from_dict(wire.get("/.well-known/jwks.json").json)
    key = keys[jwt.get_unverified_header(token)["kid"]]
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    return jwt.decode(
        token, key, algorithms=["RS256"], audience=audience, issuer=issuer, options=options
    )


# --- valid tokens ---


def test_an_access_token_of_a_user(idp, verify):
    token = idp.access_token(audience=API, user="alice", client="spa", scope="read:items")
    assert verify(token) == {
        "iss": f"{idp.url}/",
        "sub": "auth0|alice",
        "aud": API,
        "iat": NOW,
        "exp": NOW + 86400,
        "azp": "spa",
        "scope": "read:items",
    }


def test_an_access_token_of_a_client_itself(idp, verify):
    claims = verify(idp.access_token(audience=API, client="m2m"))
    assert (claims["sub"], claims["azp"], claims["gty"]) == (
        "m2m@clients",
        "m2m",
        "client-credentials",
    )
    assert claims["scope"] == "read:items write:items"


def test_a_token_without_an_audience_is_accepted_at_userinfo(idp, wire):
    token = idp.access_token(user="alice@acme.example", scope="openid email")
    assert wire.userinfo(token).json == {
        "sub": "auth0|alice",
        "email": "alice@acme.example",
        "email_verified": True,
    }


def test_expires_in_sets_the_lifetime(idp):
    assert claims_of(idp.access_token(audience=API, expires_in=60))["exp"] == NOW + 60
    assert claims_of(idp.access_token(audience=API, expires_in=-1))["exp"] == NOW - 1
    assert claims_of(idp.id_token(user="bob", expires_in=60))["exp"] == NOW + 60


def test_an_id_token(idp, verify):
    token = idp.id_token(user="alice", client="spa", nonce="n1", scope="openid email")
    assert verify(token, audience="spa") == {
        "email": "alice@acme.example",
        "email_verified": True,
        "iss": f"{idp.url}/",
        "sub": "auth0|alice",
        "aud": "spa",
        "iat": NOW,
        "exp": NOW + 36000,
        "nonce": "n1",
    }


def test_the_default_client_and_scope_of_an_id_token(interface, idp, verify):
    claims = verify(idp.id_token(user="alice"), audience="web")
    assert {"email", "name", "nickname", "picture"} <= claims.keys()
    lenient = interface.make()
    assert claims_of(lenient.id_token(user="alice"))["aud"] == "mockidp"


def test_claims_are_added_or_replaced(idp, verify):
    claims = {"https://acme.example/plan": ["pro"], "scope": None, "iat": 7}
    token = idp.access_token(audience=API, user="alice", claims=claims)
    assert claims.items() <= verify(token).items()
    token = idp.id_token(user="alice", claims={"email": "other@acme.example"})
    assert claims_of(token)["email"] == "other@acme.example"


def test_the_tenant_accepts_its_own_tokens(idp):
    assert idp.explain(idp.access_token(audience=API)).accepted
    assert idp.explain(idp.access_token(user="bob")).accepted
    assert idp.explain(idp.id_token(user="bob")).accepted


def test_a_token_is_signed_with_the_algorithm_of_its_api_or_client(idp):
    assert header_of(idp.access_token(audience="https://hs256.example/"))["alg"] == "HS256"
    assert header_of(idp.access_token(audience="https://rfc9068.example/"))["typ"] == "at+jwt"
    assert header_of(idp.id_token(user="alice", client="hs256"))["alg"] == "HS256"


# --- several audiences ---


def test_the_audience_of_a_token_for_several_apis_is_a_list(idp, verify):
    token = idp.access_token(audience=[API, RBAC_API], user="alice")
    for audience in (API, RBAC_API):
        claims = verify(token, audience)
    assert claims["aud"] == [API, RBAC_API]
    assert claims["scope"] == "read:items write:items read:reports write:reports"
    assert idp.explain(token).accepted


def test_the_first_api_decides_lifetime_and_format(idp):
    token = idp.access_token(audience=("https://rfc9068.example/", API), user="alice")
    assert header_of(token)["typ"] == "at+jwt"
    assert header_of(idp.access_token(audience=[API, "https://rfc9068.example/"]))["typ"] == "JWT"
    short = claims_of(idp.access_token(audience=[API, RBAC_API], expires_in=60))
    assert short["exp"] == NOW + 60


def test_a_list_of_one_audience_or_none_is_not_a_list_in_the_token(idp, wire):
    assert claims_of(idp.access_token(audience=[API]))["aud"] == API
    assert re.fullmatch(OPAQUE, idp.access_token(audience=[], user="alice"))
    with pytest.raises(MockIdPError, match=r"A token needs an audience or a user\."):
        idp.access_token(audience=[])


def test_with_the_scope_openid_userinfo_is_one_of_the_audiences(idp, wire):
    token = idp.access_token(audience=[API, RBAC_API], user="alice", scope="openid read:items")
    assert claims_of(token)["aud"] == [API, RBAC_API, f"{idp.url}/userinfo"]
    assert wire.userinfo(token).status_code == 200


def test_userinfo_can_be_named_as_one_of_the_audiences(idp):
    audiences = [f"{idp.url}/userinfo", API]
    token = idp.access_token(audience=audiences, user="alice", scope="openid")
    assert claims_of(token)["aud"] == audiences


def test_each_of_several_audiences_must_exist(idp):
    with pytest.raises(MockIdPError, match="No API has the identifier 'https://x/'"):
        idp.access_token(audience=[API, "https://x/"])


@pytest.mark.parametrize(
    "words", [{"claims": {"aud": "x"}}, {"remove": ["aud"]}, {"wrong": ["aud"]}]
)
def test_words_about_aud_take_precedence(idp, words):
    several = claims_of(idp.access_token(audience=[API, RBAC_API], scope="read:items", **words))
    one = claims_of(idp.access_token(audience=API, scope="read:items", **words))
    assert several == one


def test_a_token_with_flaws_can_be_for_several_apis(idp):
    claims = claims_of(idp.access_token(audience=[API, RBAC_API], expired=True, wrong="iss"))
    assert (claims["aud"], claims["exp"] < NOW) == ([API, RBAC_API], True)
    assert claims["iss"] != f"{idp.url}/"


# --- unknown scopes ---


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"audience": API, "scope": "read:itmes"},
            (
                "There is no scope 'read:itmes'. Known: read:items, write:items, openid, profile, "
                "offline_access, name, given_name, family_name, nickname, email and 6 more. Did you "
                "mean read:items? To mint a token with it anyway, set the claim `scope`."
            ),
        ),
        (
            {"audience": API, "scope": "read:items read:reports"},
            "There is no scope 'read:reports'. Known: read:items, ",
        ),
        ({"audience": API, "user": "alice", "scope": "opneid"}, "Did you mean openid? To mint"),
        (
            {"user": "alice", "scope": "read:items"},
            "A token without an audience has no scopes of an API. Name its audience.",
        ),
    ],
)
def test_an_undefined_scope_is_refused_with_the_known_ones(idp, arguments, message):
    with pytest.raises(MockIdPError) as refused:
        idp.access_token(**arguments)
    assert message in str(refused.value)


def test_the_scopes_of_all_apis_can_be_named(idp):
    token = idp.access_token(audience=[API, RBAC_API], user="alice", scope="read:reports email")
    assert claims_of(token)["scope"] == "read:reports email"


def test_any_scope_can_be_set_as_a_claim(idp):
    token = idp.access_token(audience=API, claims={"scope": "read:itmes"})
    assert claims_of(token)["scope"] == "read:itmes"


def test_the_management_api_has_its_scopes_and_no_others(idp):
    audience = f"{idp.url}/api/v2/"
    token = idp.access_token(audience=audience, scope="read:users")
    assert claims_of(token)["scope"] == "read:users"
    with pytest.raises(MockIdPError, match="read:user"):
        idp.access_token(audience=audience, scope="read:user")


@pytest.mark.parametrize("scopes", ["read:users read:roles", ["read:users", "read:roles"]])
def test_a_management_token_has_the_scopes_that_are_named(idp, scopes):
    claims = claims_of(idp.management_token(scopes, expires_in=60))
    assert claims["aud"] == f"{idp.url}/api/v2/"
    assert claims["scope"] == "read:users read:roles"
    assert claims["exp"] - claims["iat"] == 60
    assert claims["sub"].endswith("@clients")


def test_a_management_token_has_all_scopes_by_default(idp):
    assert len(claims_of(idp.management_token())["scope"].split()) == 273


def test_a_management_token_of_a_user_is_for_the_own_record(idp):
    claims = claims_of(idp.management_token("read:current_user", user="alice"))
    assert (claims["sub"], claims["scope"]) == ("auth0|alice", "read:current_user")


def test_a_management_token_with_an_unknown_scope_is_an_error(idp):
    with pytest.raises(MockIdPError, match="read:usres"):
        idp.management_token("read:usres")


def test_an_opaque_token_can_have_a_profile_attribute_as_scope(interface):
    idp = interface.make({"users": [{"user_id": "auth0|a", "app_metadata": {"plan": "pro"}}]})
    assert re.fullmatch(OPAQUE, idp.access_token(user="a", scope="openid plan"))


def test_minting_a_token_adds_no_journal_entry_and_fires_no_fault(idp):
    fault = idp.fault("access_token", expired=True)
    claims = claims_of(idp.access_token(audience=API))
    assert claims["exp"] > NOW
    assert (fault.matched, len(idp.journal)) == (0, 0)


def test_an_empty_scope_is_not_the_default_scope(interface):
    idp = interface.make()
    idp.add_api("https://scoped.example/", scopes=["read:items"])
    arguments = {"audience": "https://scoped.example/", "user": "alice"}
    assert claims_of(idp.access_token(**arguments))["scope"] == "read:items"
    assert "scope" not in claims_of(idp.access_token(**arguments, scope=""))
