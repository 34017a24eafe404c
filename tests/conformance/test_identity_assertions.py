"""Cross App Access: an identity assertion (ID-JAG) is exchanged for an access token."""

from dataclasses import replace

import pytest

from helpers.acme import RBAC_API, with_tenant
from helpers.assertions import OTHER_KEY
from helpers.identity_assertions import API, SAML_ISSUER, TENANT, assertion, exchange
from helpers.mfa import refused
from helpers.tenant_client import TenantClient, claims_of, hint
from helpers.universal_logout import TENANT as CONNECTED

INVALID = "Assertion is invalid or has expired"
CAROL = "okta|acme|00u1"


@pytest.fixture
def idp():
    return TenantClient(TENANT)


def test_rfc7523_2_1__the_answer_has_an_access_token_for_the_user(idp):
    answer = exchange(idp)
    assert answer.status_code == 200
    assert list(answer.json) == ["access_token", "expires_in", "token_type"]
    claims = claims_of(answer.json["access_token"])
    assert (claims["sub"], claims["aud"], claims["azp"]) == (CAROL, API, "agent")
    assert claims["scope"] == "read:items"


def test_auth0_xaa__a_public_client_may_exchange_assertions(idp):
    assert exchange(idp, client_id="spa-agent").status_code == 200


def test_auth0_xaa__an_assertion_works_until_it_expires(idp):
    sent = assertion(idp)
    assert [exchange(idp, sent).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        ("read:items no:such", "read:items"),
        ("openid offline_access read:items", "read:items"),
        (None, None),
        (["read:items"], None),
    ],
)
def test_auth0_xaa__the_assertion_has_the_scope_and_there_is_no_other_token(idp, scope, granted):
    body = exchange(idp, scope=scope).json
    assert body.get("scope") == granted
    assert claims_of(body["access_token"]).get("scope") == granted
    assert not {"refresh_token", "id_token"} & set(body)


def test_auth0_xaa__the_resource_of_the_assertion_takes_precedence(idp):
    answer = exchange(idp, form={"resource": "https://open.example/"})
    assert claims_of(answer.json["access_token"])["aud"] == API
    other = exchange(idp, resource=None, form={"resource": RBAC_API})
    assert claims_of(other.json["access_token"])["aud"] == RBAC_API


def test_auth0_xaa__the_default_audience_is_the_last_resort():
    idp = TenantClient(with_tenant(TENANT, default_audience=API))
    assert claims_of(exchange(idp, resource=None).json["access_token"])["aud"] == API


def test_auth0_xaa__a_request_without_an_api_is_refused(idp):
    answer = exchange(idp, resource=None)
    assert refused(answer) == (400, "invalid_request", "Missing required parameter: resource")
    assert "the tenant has no default audience" in hint(answer)


def test_auth0_xaa__a_saml_user_is_found_by_the_name_id(idp):
    name = {"format": "saml-nameid", "nameid": "grace@acme.example"}
    answer = exchange(idp, iss=SAML_ISSUER, sub="00u7", sub_id=name)
    assert claims_of(answer.json["access_token"])["sub"] == "samlp|acme-saml|grace@acme.example"


@pytest.mark.parametrize("name", ["scope", "audience"])
def test_auth0_xaa__parameters_without_effect_are_named(idp, name):
    answer = exchange(idp, form={name: "x"})
    assert answer.status_code == 200
    assert f"Parameter `{name}` was ignored." in hint(answer)


@pytest.mark.parametrize(
    ("client_id", "sub", "organization"),
    [("agent", "00u1", None), ("either", "00u1", "org_acme"), ("either", "00u2", None),
     ("only", "00u1", "org_acme")],
)  # fmt: skip
def test_auth0_xaa__the_connection_has_an_organization(idp, client_id, sub, organization):
    answer = exchange(idp, client_id=client_id, sub=sub)
    assert claims_of(answer.json["access_token"]).get("org_id") == organization


def test_auth0_xaa__a_client_can_require_an_organization(idp):
    answer = exchange(idp, client_id="only", sub="00u2")
    text = "user okta|acme|00u2 is not part of the org_acme organization"
    assert refused(answer) == (403, "access_denied", text)
    idp.edit(replace(TENANT, organizations=()))
    answer = exchange(idp, client_id="only")
    text = "parameter organization is required for this client"
    assert refused(answer) == (400, "invalid_request", text)
    assert "no organization has connection acme" in hint(answer)


def test_auth0_xaa__the_client_must_be_enabled(idp):
    answer = exchange(idp, client_id="web")
    assert (answer.status_code, answer.json["error"]) == (403, "unauthorized_client")
    assert "`identity_assertion_authorization_grant` to {active: true}" in hint(answer)


def test_rfc7523_2_1__an_assertion_is_required(idp):
    answer = exchange(idp, "")
    assert refused(answer) == (400, "invalid_request", "Missing required parameter: assertion")


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"sent": "none"}, "A JWT has three parts"),
        ({"typ": "JWT"}, "Its `typ` is 'JWT' instead of oauth-id-jag+jwt."),
        ({"iss": "https://other.okta.com"}, "Its `iss` is 'https://other.okta.com'. No entry"),
        ({"iss": None}, "Its `iss` is None."),
        ({"aud": "https://other.example/"}, "Its `aud` is 'https://other.example/'."),
        ({"exp": 1}, "It has expired"),
        ({"exp": None}, "or has no `exp`"),
        ({"sub": None}, "It has no `sub`."),
        ({"sent_by": "web"}, "Its `client_id` is 'web', but client agent sent it."),
    ],
)
def test_rfc7523_3__other_assertions_are_refused(idp, options, cause):
    by = {"sent": assertion(idp, client_id="web")} if "sent_by" in options else options
    answer = exchange(idp, **by)
    assert refused(answer) == (400, "invalid_grant", INVALID)
    assert hint(answer).startswith("The assertion was refused.")
    assert cause in hint(answer)


@pytest.mark.parametrize("options", [{"key": OTHER_KEY}, {"key": "s" * 32, "alg": "HS256"}])
def test_auth0_xaa__a_signature_of_another_key_is_401(idp, options):
    assert refused(exchange(idp, **options)) == (401, "invalid_grant", INVALID)


def test_auth0_xaa__the_connection_must_be_enabled_for_it(idp):
    idp.edit(replace(TENANT, connections=CONNECTED.connections))
    answer = exchange(idp)
    assert refused(answer) == (400, "invalid_grant", INVALID)
    assert "`cross_app_access_resource_app: {status: enabled}`" in hint(answer)


def test_auth0_xaa__users_are_not_created(idp):
    answer = exchange(idp, sub="00u9")
    assert refused(answer) == (400, "invalid_grant", "User not found")
    assert "they have to log in once." in hint(answer)


def test_auth0_xaa__a_blocked_user_gets_no_token(idp):
    users = (replace(one, blocked=True) for one in TENANT.users)
    idp.edit(replace(TENANT, users=tuple(users)))
    assert refused(exchange(idp)) == (401, "unauthorized", "user is blocked")


def test_auth0_xaa__the_policy_of_the_api_can_require_a_client_grant(idp):
    answer = exchange(idp, resource="https://granted.example/")
    assert answer.status_code == 400
    assert "Add a clientGrant with `subject_type` user" in hint(answer)
