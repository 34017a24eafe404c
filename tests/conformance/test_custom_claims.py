"""Custom claims on the wire: in ID tokens, access tokens and /userinfo."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, CALLBACK, URL, user, with_client, with_settings
from helpers.tenant_client import TenantClient, claims_of, hint, sent_to_callback
from mockidp.faults import Fault
from mockidp.protocol.custom_claim import MAX_BYTES, CustomClaim

PLAN = "https://acme.example/plan"
ALICE = user("alice", app_metadata={"plan": "pro", "teams": [{"id": 7}]})
DOCUMENT = replace(ACME, users=(ALICE, *ACME.users[1:]))


def entry(claim=PLAN, **fields):
    return CustomClaim(claim=claim, **fields)


def tenant_with(*entries, document=DOCUMENT):
    return TenantClient(with_settings(document, claims=entries))


def everywhere(idp, name=PLAN, **parameters):
    """Log in; return the claim in ID token, access token and /userinfo, None where it is absent."""
    tokens = idp.tokens(**{"scope": "openid", "audience": API} | parameters)
    return (
        claims_of(tokens["id_token"]).get(name),
        claims_of(tokens["access_token"]).get(name),
        idp.userinfo(tokens["access_token"]).json.get(name),
    )


def traced(idp, place):
    """Return the last check of the custom claims at a place."""
    checks = [
        check.compared
        for exchange in idp.tenant.journal
        for check in exchange.trace
        if check.name == "custom_claims" and check.compared["place"] == place
    ]
    return {name: dict(checks[-1][name]) for name in ("added", "omitted")}


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


def test_later_entries_win():
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
            "the access token is opaque and shows no claims; request an API's audience",
        ),
    }
    told = idp.userinfo(tokens["access_token"]).json
    assert told == {PLAN: "pro", "from": "blue", "sub": "auth0|alice"}


def test_a_claim_for_access_tokens_only_is_reported_if_the_token_is_opaque():
    idp = tenant_with(entry(value="pro", places=("access_token",)), entry("b", value=1))
    answer = idp.password_token(scope="openid")
    assert hint(answer) == (
        f"mockidp.claims[0] (value) does not show {PLAN}: the access token is opaque and shows no "
        "claims; request an API's audience"
    )
    assert "Mockidp-Hint" not in idp.password_token(scope="openid", audience=API).headers


def test_a_client_s_own_token_has_no_user():
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


def test_a_refreshed_token_has_the_user_of_today_and_the_request_of_the_refresh():
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
def test_tokens_of_the_front_channel_have_them(response_type):
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
def test_every_dialect_and_algorithm_has_them(dialect):
    idp = tenant_with(entry(value="pro"))
    tokens = idp.tokens(audience=f"https://{dialect}.example/")
    assert claims_of(tokens["access_token"])[PLAN] == "pro"


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("name", "profile"),
        ("birthdate", "profile"),
        ("email", "email"),
        ("address", "address"),
        ("phone_number_verified", "phone"),
    ],
)
def test_auth0_custom_claims__profile_claims_need_their_scope(name, scope):
    idp = tenant_with(entry(name, value="other"))
    assert everywhere(idp, name, scope=f"openid {scope}") == ("other", "other", "other")
    assert everywhere(idp.another_browser(), name) == (None, None, None)
    assert traced(idp, "access_token")["omitted"] == {
        "mockidp.claims[0] (value)": f"{name} needs the scope {scope}, as in Auth0"
    }


def test_auth0_custom_claims__the_management_api_takes_namespaced_names_only():
    idp = tenant_with(entry(value="pro"), entry("plan", value="pro"))
    found = idp.machine_token(audience=f"{URL}/api/v2/", scope="read:users")
    claims = claims_of(found.json["access_token"])
    assert claims[PLAN] == "pro"
    assert "plan" not in claims
    reason = "tokens for the Management API take only namespaced custom claims, as in Auth0"
    assert traced(idp, "access_token")["omitted"] == {"mockidp.claims[1] (value)": reason}


def test_claims_that_auth0_sets_are_kept():
    idp = tenant_with(entry("scope", value="everything"))
    claims = claims_of(idp.tokens(audience=API, scope="openid read:items")["access_token"])
    assert claims["scope"] == "openid read:items"
    assert traced(idp, "access_token")["omitted"] == {
        "mockidp.claims[0] (value)": "Auth0 sets scope itself"
    }


def too_large(*sizes):
    return [entry(f"https://acme.example/{i}", value="x" * size) for i, size in enumerate(sizes)]


def test_auth0_custom_claims__more_than_100_kb_in_a_token_is_refused():
    half = MAX_BYTES // 2
    idp = tenant_with(*too_large(half, half))
    answer = idp.machine_token(audience=API)
    assert answer.status_code == 403
    assert answer.json == {
        "error": "access_denied",
        "error_description": "Custom claims exceed the maximum of 100KB.",
    }
    assert hint(answer) == (
        f"the custom claims of this access_token come to {MAX_BYTES + 57} bytes with their "
        f"names; Auth0 accepts {MAX_BYTES}. Shorten the entries of mockidp.claims: "
        "https://acme.example/0, https://acme.example/1"
    )


def test_auth0_custom_claims__the_limit_is_for_each_token():
    half = MAX_BYTES // 2
    first, second = too_large(half, half)
    idp = tenant_with(
        replace(first, places=("id_token", "userinfo")),
        replace(second, places=("access_token", "userinfo")),
    )
    tokens = idp.tokens(audience=API)
    assert len(idp.userinfo(tokens["access_token"]).json["https://acme.example/0"]) == half


def test_claims_that_are_too_large_for_the_front_channel_fail_at_the_callback():
    document = with_client(DOCUMENT, "web", grant_types=("implicit",))
    idp = tenant_with(*too_large(MAX_BYTES), document=document)
    login = idp.authorize(response_type="id_token", nonce="n", response_mode="form_post")
    answer = idp.log_in(login.location)
    assert 'name="error" value="access_denied"' in answer.text


def test_faults_that_change_claims_win(idp):
    idp = tenant_with(entry(value="pro"), entry("team", value=7))
    idp.tenant.faults.add(Fault(endpoint="id_token", set={PLAN: "spoiled"}, remove=("team",)))
    claims = claims_of(idp.tokens()["id_token"])
    assert claims[PLAN] == "spoiled"
    assert "team" not in claims


def test_a_removed_user_matches_no_limit():
    idp = tenant_with(entry(value="pro", user="alice"))
    assert PLAN not in claims_of(idp.tokens("bob")["id_token"])
    idp.edit(replace(idp.tenant.document, users=(ACME.users[1],)))
    assert PLAN not in claims_of(idp.tokens("bob")["id_token"])


def test_a_name_shared_by_two_users_means_the_first():
    other = replace(ALICE, user_id="google-oauth2|alice", email="other@acme.example")
    idp = tenant_with(
        entry(value="pro", user="alice"), document=replace(DOCUMENT, users=(other, ALICE))
    )
    assert PLAN not in claims_of(idp.tokens()["id_token"])


def test_userinfo_of_a_client_that_was_removed_has_the_claims_for_all():
    idp = tenant_with(entry(value="pro"), entry("by", value=1, client="web"))
    token = idp.tokens()["access_token"]
    clients = tuple(one for one in ACME.clients if one.client_id != "web")
    idp.edit(replace(idp.tenant.document, clients=clients))
    assert idp.userinfo(token).json == {PLAN: "pro", "sub": "auth0|alice"}


def test_the_oidc_profile_has_them_too():
    document = with_settings(DOCUMENT, profile="oidc", claims=(entry(value="pro"),))
    claims = claims_of(TenantClient(document).tokens(scope="openid profile")["id_token"])
    assert claims[PLAN] == "pro"
    assert "name" not in claims


def test_secrets_of_a_request_are_never_readable():
    idp = tenant_with(entry("code", path="request.code"), entry("s", path="request.client_secret"))
    claims = claims_of(idp.tokens()["id_token"])
    assert not {"code", "s"} & set(claims)


def test_sent_to_callback_is_for_codes():
    """A login without an ID token resolves nothing at /authorize."""
    idp = tenant_with(entry(value="pro"))
    assert set(sent_to_callback(idp.log_in(idp.authorize().location))) == {"code", "state"}
    assert all(check.name != "custom_claims" for one in idp.tenant.journal for check in one.trace)


def test_any_parameter_that_is_not_secret_can_be_read():
    idp = tenant_with(entry(path="request.tenant"))
    assert everywhere(idp, tenant="blue") == ("blue", "blue", "blue")


def test_an_extension_parameter_that_a_claim_reads_is_not_named_as_ignored():
    parameters = {"response_type": "code", "ext-tenant": "blue", "ext-other": "1"}
    text = hint(tenant_with(entry(path="request.ext-tenant")).authorize(**parameters))
    assert "ext-tenant" not in text
    assert "Parameter `ext-other` is not acted on" in text
