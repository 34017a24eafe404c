"""The rules for an entry of `mockidp.claims`: its name, its path and its value."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.codec.descriptions import descriptions_of
from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.flows.tokens.custom_claims import ClaimContext, resolve
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.tokens.custom_claim import (
    CLAIM_PLACES,
    MAX_BYTES,
    REQUEST_PARAMETERS,
    RESTRICTED,
    UNSET,
    CustomClaim,
    readable_parameters,
)
from mockidp.resources.client import Client
from mockidp.resources.rules import Expected
from mockidp.resources.user import User
from mockidp.tenant.config.claim_rules import (
    check_claim_name,
    check_claim_path,
    check_claim_value,
)
from mockidp.tenant.config.plain import structure_tenant

KEYS = st.text(
    st.characters(exclude_characters=".", exclude_categories=["Cs"]), min_size=1, max_size=5
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=3)
JSON = st.recursive(
    st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)


def mistakes_of(**entry):
    with pytest.raises(ConfigError) as refused:
        structure_tenant({"mockidp": {"claims": [{"claim": "a", **entry}]}})
    return [(one.path, one.found, one.expected) for one in refused.value.mistakes]


@pytest.mark.parametrize("name", sorted(RESTRICTED))
def test_a_restricted_name_is_refused_with_a_namespaced_one(name):
    expected, suggestion, _ = check_claim_name(name)
    assert expected == (
        f"a claim that Auth0 does not restrict, such as https://acme.example/{name}"
    )
    assert suggestion is None


@pytest.mark.parametrize(
    "name",
    [
        "https://auth0.com/x", "http://acme.auth0.com/x", "https://x.WEBTASK.io", "urn:auth0",
        "https://a.b.webtask.run:8443/x", "urn:auth0:x",
    ],
)  # fmt: skip
def test_auth0s_own_namespaces_are_refused(name):
    expected = check_claim_name(name).text
    assert expected.startswith("a namespace of your own")


@pytest.mark.parametrize(
    "name",
    [
        "plan", "email", "scope", "ROLES", "https://acme.example/roles", "urn:acme:roles",
        "https://myauth0.com/x", "https://acme.example/auth0.com", "https://[bad/x", "auth0.com/x",
        "urn:auth0x", "ftp://auth0.com/x",
    ],
)  # fmt: skip
def test_any_other_name_is_accepted(name):
    assert check_claim_name(name) is None


def test_no_readable_parameter_is_a_secret():
    secrets = {"client_secret", "password", "code", "code_verifier", "refresh_token", "state"}
    assert not secrets & set(REQUEST_PARAMETERS)
    sent = {"client_id": "web", "password": "x", "ext-a": "1", "ext-b": "", "scope": 7, "x": "y"}
    readable = {"client_id": "web", "ext-a": "1", "x": "y"}
    assert readable_parameters(Parameters(sent)) == readable
    for name in (*secrets, "login_ticket", "mfa_token", "client_assertion", "otp"):
        assert readable_parameters(Parameters({name: "x"})) == {}
        assert check_claim_path(f"request.{name}") == Expected(
            "a path to something that is not a secret",
            None,
        )


@pytest.mark.parametrize("path", ["request.tenant", "request.my.own"])
def test_any_other_parameter_can_be_read_as_in_an_action(path):
    assert check_claim_path(path) is None


@pytest.mark.parametrize(
    ("path", "suggestion"),
    [
        ("request.query.tenant", "request.tenant"),
        ("request.body.ext-a", "request.ext-a"),
        ("request.scopes", "request.scope"),
        ("request.ip", None),
        ("request.geoip.countryCode", None),
    ],
)
def test_paths_into_the_request_of_an_action_are_refused(path, suggestion):
    expected = Expected("a parameter of the request after request.", suggestion)
    assert check_claim_path(path) == expected


@pytest.mark.parametrize("name", REQUEST_PARAMETERS)
def test_every_readable_parameter_is_a_path(name):
    assert check_claim_path(f"request.{name}") is None


@pytest.mark.parametrize(
    "path",
    [
        "user.email", "user.app_metadata.a.b.c", "user.identities.0.user_id", "user.last_login",
        "client.client_id", "client.global", "client.client_metadata.tier", "request.ext-a.b",
        "organization.id", "organization.metadata.tier", "custom_domain.domain",
        "custom_domain.domain_metadata.brand",
    ],
)  # fmt: skip
def test_a_valid_path_is_accepted(path):
    assert check_claim_path(path) is None


@pytest.mark.parametrize(
    ("path", "suggestion"),
    [
        ("users.email", "user.email"),
        ("usr.app_metadata.plan", "user.app_metadata.plan"),
        ("user.app_metdata.plan", "user.app_metadata.plan"),
        ("client.is_global", "client.global"),
        ("request.scope.x", "request.scope"),
        ("event.user.email", None),
        ("user.favourite", None),
        ("custom_domain.status", None),
        ("${user.email}", None),
        ("", None),
    ],
)
def test_an_invalid_path_is_refused(path, suggestion):
    assert check_claim_path(path)[1] == suggestion


@pytest.mark.parametrize("value", [float("inf"), [1, float("nan")], {"a": [{"b": float("inf")}]}])
def test_a_value_must_be_finite(value):
    ((_, _, expected),) = mistakes_of(value=value)
    assert expected == "a JSON value: numbers must be finite"


def test_a_single_value_can_be_as_large_as_the_limit_for_a_token():
    assert check_claim_value("x" * (MAX_BYTES - 2)) is None
    assert check_claim_value("x" * (MAX_BYTES - 1))[0].startswith(f"at most {MAX_BYTES} bytes")


@given(value=JSON | st.none())
def test_an_entry_is_written_back_unchanged(value):
    entry = {"claim": "https://acme.example/x", "value": value, "in": ["userinfo"]}
    document = structure_tenant({"mockidp": {"claims": [entry]}})
    (record,) = document.mockidp.claims
    assert (record.value, record.path, record.places) == (value, None, ("userinfo",))
    assert to_file(document) == {"mockidp": {"claims": [entry]}}
    again = json.loads(json.dumps(to_file(document)))
    assert structure_tenant(again) == document


def test_an_entry_without_limits_applies_everywhere():
    entry = {"claim": "plan", "from": "user.app_metadata.plan"}
    (record,) = structure_tenant({"mockidp": {"claims": [entry]}}).mockidp.claims
    assert record == CustomClaim(claim="plan", path="user.app_metadata.plan")
    assert record.places == CLAIM_PLACES
    assert record.value is UNSET
    assert to_file(record) == entry


def test_a_single_place_needs_no_list():
    entry = {"claim": "plan", "value": 1, "in": "id_token"}
    (record,) = structure_tenant({"mockidp": {"claims": [entry]}}).mockidp.claims
    assert record.places == ("id_token",)


def test_a_lenient_tenant_accepts_any_client_and_audience_but_no_unknown_user():
    lenient = {"accept_any_client": True, "accept_any_audience": True}
    entry = {"claim": "a", "value": 1, "client": "any", "audience": "any"}
    document = structure_tenant({"mockidp": {**lenient, "claims": [entry]}})
    assert document.mockidp.claims[0].client == "any"
    with pytest.raises(ConfigError, match="expected a user's id, e-mail or username"):
        structure_tenant({"mockidp": {**lenient, "claims": [entry | {"user": "nobody"}]}})


def context(**metadata):
    user = User(user_id="auth0|alice", app_metadata=metadata, extra={"last_ip": "1.2.3.4"})
    client = Client(client_id="web", name="Web", extra={"client_metadata": {"tier": "gold"}})
    return ClaimContext(
        place="id_token", client=client, user=user, audience=None, scope=("openid",)
    )


def at(path, claim_context):
    return resolve(CustomClaim(claim="a", path=path), claim_context)


def leaves(value, before=()):
    """Yield every path into a JSON value, with the value there."""
    yield before, value
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*before, key))
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from leaves(one, (*before, str(index)))


@given(metadata=st.dictionaries(KEYS, JSON, max_size=3))
def test_every_path_into_metadata_is_resolved(metadata):
    claim_context = context(**metadata)
    for steps, value in leaves(metadata):
        assert at(".".join(("user.app_metadata", *steps)), claim_context) == (True, value)


@given(metadata=st.dictionaries(KEYS, JSON, max_size=3), steps=st.lists(st.text(max_size=12)))
def test_every_path_resolves_or_is_reported_as_unresolved(metadata, steps):
    found, value = at(".".join(("user.app_metadata", *steps)), context(**metadata))
    assert found is (value is not None)
    json.dumps(value)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("user.last_ip", "1.2.3.4"),
        ("user.last_login", None),
        ("user.nickname", None),
        ("user.roles", []),
        ("client.name", "Web"),
        ("client.client_metadata.tier", "gold"),
        ("client.jwt_configuration.alg", "RS256"),
        ("client.jwt_configuration.scopes", None),
        ("organization.metadata.tier", None),
    ],
)
def test_fields_have_auth0s_names(path, found):
    assert at(path, context()) == (found is not None, found)


def test_a_field_that_auth0_fills_in_is_resolved():
    found, picture = at("user.picture", context())
    assert found
    assert picture.startswith("https://s.gravatar.com/avatar/")


def test_a_path_to_a_record_yields_its_fields():
    client = Client(client_id="web", extra={"client_metadata": {"tier": "gold"}})
    claim_context = ClaimContext(
        place="id_token", client=client, user=None, audience=None, scope=()
    )
    found, token_policy = at("client.refresh_token", claim_context)
    assert found
    assert token_policy["rotation_type"] == "non-rotating"
    assert "extra" not in token_policy


def test_every_field_has_a_description_for_the_reference():
    assert set(descriptions_of(CustomClaim)) == {one.name for one in fields(CustomClaim)}
