"""ID tokens, checked by independent libraries."""

from dataclasses import replace

import pytest
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet, OctKey

from helpers.acme import ACME, URL, with_client, with_settings
from helpers.tenant_client import TenantClient, claims_of, header_of
from mockidp.resources.client_tokens import JwtConfiguration

EVERYTHING = "openid profile email phone address created_at identities"


def served_keys(idp):
    return KeySet.import_key_set(idp.get("/.well-known/jwks.json").json)


def test_auth0_id_token__claims_have_auth0s_order(idp):
    body = idp.tokens(scope="openid profile email", nonce="n", max_age="9")
    now = int(idp.tenant.now())
    claims = claims_of(body["id_token"])
    assert list(claims) == [
        "given_name", "nickname", "name", "picture", "updated_at", "email", "email_verified",
        "iss", "sub", "aud", "iat", "exp", "auth_time", "sid", "nonce",
    ]  # fmt: skip
    assert (claims["iss"], claims["aud"], claims["iat"]) == (f"{URL}/", "web", now)
    assert claims["exp"] == now + 36000
    assert claims["updated_at"] == "2024-01-01T00:00:00.000Z"
    assert header_of(body["id_token"]) == {
        "alg": "RS256",
        "typ": "JWT",
        "kid": idp.tenant.keys.current.kid,
    }


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("openid", set()),
        ("openid profile", {"given_name", "nickname", "name", "picture", "updated_at"}),
        ("openid email", {"email", "email_verified"}),
        ("openid name picture", {"name", "picture"}),
        ("openid email_verified", {"email_verified"}),
        ("openid created_at", {"created_at"}),
        ("openid identities", {"identities"}),
        ("openid phone address", set()),
    ],
)
def test_oidc_core_5_4__a_scope_includes_its_claims(idp, scope, names):
    claims = claims_of(idp.tokens(scope=scope)["id_token"])
    assert set(claims) - {"iss", "sub", "aud", "iat", "exp", "sid"} == names


def test_auth0_id_token__missing_fields_of_a_user_are_derived_or_omitted():
    users = (
        *ACME.users,
        type(ACME.users[0])(user_id="sms|1", password="p", username="1", phone_number="+41"),
    )
    idp = TenantClient(type(ACME)(clients=ACME.clients, users=users, tenant=ACME.tenant))
    body = idp.password_token(username="1", password="p", scope=f"{EVERYTHING}").json
    claims = claims_of(body["id_token"])
    assert (claims["nickname"], claims["name"]) == ("1", "1")
    assert claims["picture"].startswith("https://s.gravatar.com/avatar/")
    assert (claims["phone_number"], claims["phone_verified"]) == ("+41", False)
    assert claims["identities"] == [
        {
            "connection": "Username-Password-Authentication",
            "user_id": "1",
            "provider": "sms",
            "isSocial": False,
        }
    ]
    assert not {"email", "email_verified", "given_name"} & set(claims)


def test_auth0_id_token__the_default_picture_is_auth0s(idp):
    assert claims_of(idp.tokens(scope="openid picture")["id_token"])["picture"] == (
        "https://s.gravatar.com/avatar/e20aaa3640334a1f241ab444d6bf182a?s=480&r=pg"
        "&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fal.png"
    )


def test_oidc_core_3_1_3_7__authlib_and_joserfc_accept_it(idp):
    token = idp.tokens(scope=EVERYTHING, nonce="n-1", max_age="60")["id_token"]
    decoded = jwt.decode(token, served_keys(idp), algorithms=["RS256"])
    options = {"iss": {"values": [f"{URL}/"]}, "aud": {"values": ["web"]}}
    params = {"nonce": "n-1", "client_id": "web", "max_age": 60}
    now = int(idp.tenant.now())
    CodeIDToken(decoded.claims, decoded.header, options, params).validate(now=now)


def test_oidc_core_3_1_3_7__a_changed_one_is_refused_by_joserfc(idp):
    header, claims, signature = idp.tokens()["id_token"].split(".")
    forged = ".".join((header, claims[:-4] + "AAAA", signature))
    with pytest.raises(BadSignatureError):
        jwt.decode(forged, served_keys(idp), algorithms=["RS256"])


def test_auth0_id_token__hs256_is_signed_with_the_clients_secret_as_utf8():
    idp = TenantClient(with_client(ACME, "hs256", client_secret="hs256-secret" + "é" * 20))
    code = idp.callback(client_id="hs256")["code"]
    body = idp.redeem(code, client_id="hs256", client_secret="hs256-secret" + "é" * 20).json
    token = body["id_token"]
    assert header_of(token) == {"alg": "HS256", "typ": "JWT"}
    key = OctKey.import_key(("hs256-secret" + "é" * 20).encode())
    assert jwt.decode(token, key, algorithms=["HS256"]).claims["aud"] == "hs256"


@pytest.mark.parametrize("encoded", ["-_-_MDEyMzQ1Njc4OWFiYw", "+/+/MDEyMzQ1Njc4OWFiYw=="])
def test_auth0_id_token__hs256_can_be_signed_with_the_decoded_secret(encoded):
    configuration = JwtConfiguration(alg="HS256", secret_encoded=True)
    idp = TenantClient(
        with_client(ACME, "hs256", client_secret=encoded, jwt_configuration=configuration)
    )
    body = idp.redeem(
        idp.callback(client_id="hs256")["code"], client_id="hs256", client_secret=encoded
    ).json
    key = OctKey.import_key(b"\xfb\xff\xbf0123456789abc")
    assert jwt.decode(body["id_token"], key, algorithms=["HS256"]).claims["aud"] == "hs256"
    answer = idp.get("/oidc/logout", id_token_hint=body["id_token"])
    assert answer.status_code == 200


def test_auth0_id_token__an_encoded_secret_is_read_for_hs256_only():
    configuration = JwtConfiguration(secret_encoded=True)
    idp = TenantClient(
        with_client(ACME, "web", client_secret="not base64!", jwt_configuration=configuration)
    )
    code = idp.callback()["code"]
    token = idp.redeem(code, client_secret="not base64!").json["id_token"]
    assert jwt.decode(token, served_keys(idp), algorithms=["RS256"]).claims["aud"] == "web"


def test_auth0_id_token__a_user_s_locale_is_part_of_the_profile():
    (alice, *others) = ACME.users
    document = replace(ACME, users=(replace(alice, locale="de-AT"), *others))
    claims = claims_of(TenantClient(document).tokens(scope="openid profile")["id_token"])
    assert list(claims)[:6] == [
        "given_name", "nickname", "name", "picture", "locale", "updated_at",
    ]  # fmt: skip
    assert claims["locale"] == "de-AT"
    assert "locale" not in claims_of(
        TenantClient(document).tokens(scope="openid email")["id_token"]
    )


def test_auth0_id_token__linked_identities_are_listed_as_the_user_has_them():
    identities = (
        {"provider": "auth0", "user_id": "alice", "connection": "db", "isSocial": False},
        {"provider": "github", "user_id": 42, "connection": "github", "isSocial": True},
    )
    (alice, *others) = ACME.users
    document = replace(ACME, users=(replace(alice, identities=identities), *others))
    claims = claims_of(TenantClient(document).tokens(scope="openid identities")["id_token"])
    assert claims["identities"] == list(identities)


def test_auth0_id_token__ps256_is_signed_with_the_tenants_key():
    configuration = JwtConfiguration(alg="PS256", lifetime_in_seconds=60)
    idp = TenantClient(with_client(ACME, "web", jwt_configuration=configuration))
    claims = claims_of(idp.tokens()["id_token"])
    assert claims["exp"] - claims["iat"] == 60
    assert header_of(idp.tokens()["id_token"])["alg"] == "PS256"


def test_mockidp_id_token__text_in_any_script_is_unchanged():
    users = (
        type(ACME.users[0])(user_id="auth0|u", email="u@x.example", name="山田 🐈", password="p"),
    )
    idp = TenantClient(type(ACME)(clients=ACME.clients, users=users, tenant=ACME.tenant))
    body = idp.password_token(username="u@x.example", password="p", scope="openid").json
    assert claims_of(body["id_token"])["name"] == "山田 🐈"
    answer = idp.userinfo(body["access_token"])
    assert "山田 🐈" in answer.get_data(as_text=True)


# --- profile: oidc ---


@pytest.fixture
def standard():
    return TenantClient(with_settings(profile="oidc"))


def test_oidc_core_5_4__profile_oidc_leaves_the_users_claims_to_userinfo(standard):
    body = standard.tokens(scope="openid profile email")
    assert set(claims_of(body["id_token"])) == {"iss", "sub", "aud", "iat", "exp", "sid"}
    claims = standard.userinfo(body["access_token"]).json
    assert claims["updated_at"] == 1704067200
    assert claims["email"] == "alice@acme.example"


@pytest.mark.parametrize(
    ("written", "seconds"), [("2024-01-01T00:00:00", 1704067200), ("yesterday", None)]
)
def test_oidc_core_5_1__profile_oidc_accepts_a_time_without_a_zone_and_skips_invalid_ones(
    written, seconds
):
    users = (
        type(ACME.users[0])(user_id="auth0|u", username="u", password="p", updated_at=written),
    )
    document = type(ACME)(clients=ACME.clients, users=users, tenant=ACME.tenant)
    idp = TenantClient(with_settings(document, profile="oidc"))
    token = idp.password_token(username="u", password="p", scope="openid").json["access_token"]
    assert idp.userinfo(token).json.get("updated_at") == seconds


def test_rfc6749_5_2__profile_oidc_answers_400(standard):
    answer = standard.redeem("never-made")
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant")
    answer = standard.token(grant_type="telepathy")
    assert (answer.status_code, answer.json["error"]) == (400, "unsupported_grant_type")
    assert standard.refresh("never-made").status_code == 400
    assert standard.password_token(password="wrong").status_code == 400


def test_mockidp_profile__other_refusals_are_the_same_as_auth0s(standard):
    assert standard.token(grant_type="password", client_secret="wrong").status_code == 401
    assert standard.authorize(redirect_uri="http://evil.example/").status_code == 403
