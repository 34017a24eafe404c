"""Custom claims on the wire: in ID tokens, access tokens and /userinfo."""

from dataclasses import replace

import pytest

from helpers.acme import API, CALLBACK, URL, with_client
from helpers.custom_claims import ALICE, DOCUMENT, PLAN, entry, everywhere, tenant_with, traced
from helpers.tenant_client import claims_of, hint


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("user.app_metadata.plan", "pro"),
        ("user.app_metadata.teams", [{"id": 7}]),
        ("user.app_metadata.teams.0.id", 7),
        ("user.email", "alice@acme.example"),
        ("user.blocked", False),
        ("user.identities.0.connection", "Username-Password-Authentication"),
        ("client.client_id", "web"),
        ("client.global", False),
        ("client.callbacks", [CALLBACK]),
        ("client.jwt_configuration.alg", "RS256"),
        ("request.ext-tenant", "blue"),
        ("request.scope", "openid"),
        ("request.grant_type", "authorization_code"),
        ("request.acr_values", "urn:loa:2"),
    ],
)
def test_a_path_is_resolved_in_all_three_places(path, value):
    idp = tenant_with(entry(path=path))
    parameters = {"ext-tenant": "blue", "acr_values": "urn:loa:2"}
    assert everywhere(idp, **parameters) == (value, value, value)


@pytest.mark.parametrize(
    "path",
    [
        "user.app_metadata.tier",
        "user.app_metadata.plan.deeper",
        "user.app_metadata.teams.1",
        "user.app_metadata.teams.first",
        "user.phone_number",
        "client.client_metadata.tier",
        "client.refresh_token.nothing",
        "request.ext-tenant",
        "request.login_hint",
        "organization.name",
    ],
)
def test_an_unresolved_path_omits_the_claim(path):
    idp = tenant_with(entry(path=path))
    assert everywhere(idp) == (None, None, None)
    assert traced(idp, "id_token") == {
        "added": {},
        "omitted": {f"mockidp.claims[0] (from {path})": f"{path} did not resolve"},
    }


@pytest.mark.parametrize("value", ["x", 0, 1.5, True, None, [], ["a", 1], {"a": {"b": [None]}}])
def test_a_value_is_any_json(value):
    idp = tenant_with(entry(value=value))
    tokens = idp.tokens(audience=API)
    assert claims_of(tokens["id_token"])[PLAN] == value
    assert claims_of(tokens["access_token"])[PLAN] == value
    assert idp.userinfo(tokens["access_token"]).json[PLAN] == value


def test_auth0_tokens__custom_claims_come_first():
    idp = tenant_with(entry(value="pro"), entry("team", value=7))
    tokens = idp.tokens(audience=API)
    for token in (tokens["id_token"], tokens["access_token"]):
        assert list(claims_of(token))[:3] == [PLAN, "team", "iss"]


@pytest.mark.parametrize(
    ("places", "found"),
    [
        (("id_token",), ("pro", None, None)),
        (("access_token",), (None, "pro", None)),
        (("userinfo",), (None, None, "pro")),
        (("userinfo", "id_token"), ("pro", None, "pro")),
    ],
)
def test_a_claim_may_be_limited_to_places(places, found):
    assert everywhere(tenant_with(entry(value="pro", places=places))) == found


@pytest.mark.parametrize(
    ("limit", "matching", "other"),
    [
        ({"client": "web"}, {}, {"client_id": "other"}),
        ({"client": "Third Party"}, {"client_id": "third-party"}, {}),
        ({"user": "auth0|alice"}, {}, {"user": "bob"}),
        ({"user": "alice"}, {}, {"user": "bob"}),
        ({"user": "alice@acme.example"}, {}, {"user": "bob"}),
        ({"scope": "email"}, {"scope": "openid email"}, {}),
        ({"scope": "read:items email"}, {"scope": "openid email read:items"}, {"scope": "openid email"}),
        ({"audience": API}, {}, {"audience": "https://open.example/"}),
    ],
)  # fmt: skip
def test_a_claim_may_be_limited_to_client_user_scope_and_audience(limit, matching, other):
    idp = tenant_with(entry(value="pro", **limit))
    assert everywhere(idp, **matching) == ("pro", "pro", "pro")
    assert everywhere(idp.another_browser(), **other) == (None, None, None)


def test_a_limit_to_an_audience_leaves_out_logins_without_an_api():
    idp = tenant_with(entry(value="pro", audience=API))
    tokens = idp.tokens()
    assert PLAN not in claims_of(tokens["id_token"])
    assert PLAN not in idp.userinfo(tokens["access_token"]).json


def test_later_entries_override_earlier_ones():
    idp = tenant_with(entry(value="free"), entry(value="pro"))
    assert everywhere(idp) == ("pro", "pro", "pro")
    assert traced(idp, "id_token")["added"] == {PLAN: "mockidp.claims[1] (value)"}


def test_an_unresolved_later_entry_leaves_the_earlier_one():
    idp = tenant_with(entry(value="free"), entry(path="user.app_metadata.plan"))
    assert everywhere(idp) == ("pro", "pro", "pro")
    assert everywhere(idp.another_browser(), user="bob") == ("free", "free", "free")


def test_an_opaque_access_token_shows_no_claims_but_userinfo_does():
    idp = tenant_with(entry(value="pro"), entry("from", path="request.ext-tenant"))
    tokens = idp.tokens(**{"ext-tenant": "blue"})
    assert tokens["access_token"].isalnum()
    assert traced(idp, "access_token") == {
        "added": {},
        "omitted": dict.fromkeys(
            ("mockidp.claims[0] (value)", "mockidp.claims[1] (from request.ext-tenant)"),
            "the access token is opaque and shows no claims. Request the audience of an API",
        ),
    }
    profile = idp.userinfo(tokens["access_token"]).json
    assert profile == {PLAN: "pro", "from": "blue", "sub": "auth0|alice"}


def test_a_claim_for_access_tokens_only_is_reported_if_the_token_is_opaque():
    idp = tenant_with(entry(value="pro", places=("access_token",)), entry("b", value=1))
    answer = idp.password_token(scope="openid")
    assert hint(answer) == (
        f"Claim {PLAN} of mockidp.claims[0] (value) is omitted: the access token is opaque and "
        "shows no claims. Request the audience of an API."
    )
    assert "Mockidp-Hint" not in idp.password_token(scope="openid", audience=API).headers


def test_a_token_for_the_client_itself_has_no_user():
    idp = tenant_with(
        entry(path="user.app_metadata.plan"),
        entry("https://acme.example/by", path="client.client_id"),
        entry("https://acme.example/how", path="request.grant_type"),
        entry("https://acme.example/alice", value=1, user="alice"),
    )
    token = idp.machine_token(audience=API).json["access_token"]
    assert list(claims_of(token).items())[:3] == [
        ("https://acme.example/by", "m2m"),
        ("https://acme.example/how", "client_credentials"),
        ("iss", f"{URL}/"),
    ]


def test_a_password_grant_has_its_own_request():
    idp = tenant_with(entry(path="request.ext-tenant"))
    body = idp.password_token(scope="openid", audience=API, **{"ext-tenant": "blue"}).json
    assert claims_of(body["id_token"])[PLAN] == "blue"
    assert claims_of(body["access_token"])[PLAN] == "blue"


def test_a_refreshed_token_has_the_current_user_and_the_refresh_request():
    idp = tenant_with(
        entry(path="user.app_metadata.plan"),
        entry("how", path="request.grant_type"),
        entry("tenant", path="request.ext-tenant"),
    )
    parameters = {"scope": "openid offline_access", "audience": API, "ext-tenant": "blue"}
    first = idp.tokens(**parameters)
    assert claims_of(first["id_token"])["tenant"] == "blue"
    alice = replace(ALICE, app_metadata={"plan": "team"})
    idp.edit(replace(idp.tenant.document, users=(alice,)))
    refreshed = claims_of(idp.refresh(first["refresh_token"]).json["id_token"])
    assert (refreshed[PLAN], refreshed["how"]) == ("team", "refresh_token")
    assert "tenant" not in refreshed


@pytest.mark.parametrize("response_type", ["id_token", "id_token token", "code id_token token"])
def test_tokens_of_the_front_channel_have_custom_claims(response_type):
    document = with_client(DOCUMENT, "web", grant_types=("authorization_code", "implicit"))
    idp = tenant_with(entry(path="request.ext-tenant"), document=document)
    login = idp.authorize(
        response_type=response_type, nonce="n", audience=API, **{"ext-tenant": "blue"}
    )
    location = idp.log_in(login.location).location
    sent = dict(one.split("=", 1) for one in location.partition("#")[2].split("&"))
    for name in set(response_type.split()) - {"code"}:
        token = sent["access_token" if name == "token" else name]
        assert claims_of(token)[PLAN] == "blue"


@pytest.mark.parametrize("dialect", ["rfc9068", "hs256", "ps256"])
def test_every_dialect_and_algorithm_has_custom_claims(dialect):
    idp = tenant_with(entry(value="pro"))
    tokens = idp.tokens(audience=f"https://{dialect}.example/")
    assert claims_of(tokens["access_token"])[PLAN] == "pro"
