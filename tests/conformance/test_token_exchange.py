"""Custom token exchange: who decides about a subject token, the tokens, and each refusal."""

import logging
from dataclasses import replace

import pytest

from helpers.acme import API, DATABASE, RBAC_API
from helpers.assertions import OTHER_KEY
from helpers.mfa import APP, MfaClient, with_mfa
from helpers.tenant_client import TenantClient, claims_of, hint
from helpers.token_exchange import (
    AGENT,
    CONSENT_API,
    PARTNER,
    TENANT,
    broker,
    exchange,
    partner_token,
)
from mockidp.resources.organization import (
    Organization,
    OrganizationConnection,
    OrganizationMember,
)
from mockidp.tenant.settings import Settings

COMBINATION = "Invalid subject_token_type and requested_token_type combination."
NOT_ALLOWED = '"custom_authentication" Token Exchange Profile is not allowed for the client.'
INVALID = "Invalid subject_token"


@pytest.fixture
def idp():
    return TenantClient(TENANT)


def refused(answer):
    """Return status, code and text of a refusal."""
    return answer.status_code, answer.json["error"], answer.json["error_description"]


def test_rfc8693_2_2_1__the_answer_names_the_issued_token_type(idp):
    answer = exchange(idp, scope="openid read:items no:such offline_access")
    assert answer.status_code == 200
    body = answer.json
    assert list(body) == [
        "access_token", "refresh_token", "id_token", "scope", "expires_in", "token_type",
        "issued_token_type",
    ]  # fmt: skip
    assert body["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert body["scope"] == "openid read:items offline_access"
    access = claims_of(body["access_token"])
    assert (access["sub"], access["azp"]) == ("auth0|alice", "broker")
    assert access["aud"] == [API, f"{idp.url}/userinfo"]
    assert "act" not in access
    assert "gty" not in access
    assert claims_of(body["id_token"])["sub"] == "auth0|alice"
    assert idp.userinfo(body["access_token"]).json["sub"] == "auth0|alice"
    refreshed = idp.refresh(body["refresh_token"], client_id="broker")
    assert claims_of(refreshed.json["access_token"])["sub"] == "auth0|alice"


def test_rfc8693_2_1__without_audience_and_scope_the_token_is_opaque(idp):
    body = exchange(idp, audience=None).json
    assert list(body) == ["access_token", "expires_in", "token_type", "issued_token_type"]
    assert "." not in body["access_token"]


def test_rfc8693_2_1__a_public_client_may_exchange_tokens(idp):
    answer = exchange(idp, client_id="mobile", client_secret=None)
    assert answer.status_code == 200


def test_rfc8693_2_1__permissions_of_the_user_apply(idp):
    body = exchange(idp, audience=RBAC_API, scope="read:reports write:reports").json
    assert body["scope"] == "read:reports"
    assert claims_of(body["access_token"])["permissions"] == ["read:reports"]


@pytest.mark.parametrize("alg", ["RS256", "RS384", "PS256"])
def test_rfc8693_2_1__a_jwt_of_a_partner_is_verified(idp, alg):
    token = partner_token(idp, alg=alg, aud=["acme", "other"])
    answer = exchange(idp, token, subject_token_type=PARTNER)
    assert claims_of(answer.json["access_token"])["sub"] == "auth0|alice"


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"iss": "https://evil.example/"}, "The `iss` of the subject token is not https://partner"),
        ({"aud": "other"}, "The `aud` of the subject token does not contain acme."),
        ({"aud": None}, "The `aud` of the subject token does not contain acme."),
        ({"exp": 1}, "The `exp` of the subject token is not valid now."),
        ({"exp": None, "nbf": 2**40}, "The `nbf` of the subject token is not valid now."),
        ({"nbf": True}, "The `nbf` of the subject token is not valid now."),
        ({"email": None}, "The subject token has no claim `email` with a user."),
        ({"email": ["alice"]}, "The subject token has no claim `email` with a user."),
        ({"key": OTHER_KEY}, "The signature does not match the content, which was changed."),
        ({"key": "s" * 32, "alg": "HS256"}, "signed with HS256 instead of RS256 or RS384 or PS256"),
    ],
)
def test_rfc8693_2_2_2__a_jwt_that_does_not_fit_is_refused(idp, options, cause):
    answer = exchange(idp, partner_token(idp, **options), subject_token_type=PARTNER)
    assert refused(answer) == (400, "invalid_request", INVALID)
    assert cause in hint(answer)


@pytest.mark.parametrize("token", ["legacy-carol", "\ud800", "a.b.c", "{}", "x" * 5000])
@pytest.mark.parametrize("kind", [PARTNER, None])
def test_rfc8693_2_2_2__an_unknown_token_is_refused_without_repeating_it(idp, token, kind):
    form = {"subject_token_type": kind} if kind else {}
    answer = exchange(idp, token.encode("utf-8", "surrogatepass"), **form)
    assert answer.status_code == 400
    assert answer.json["error"] == "invalid_request"
    assert token[:12] not in hint(answer)


def test_auth0_exchange__a_jwt_for_an_unknown_user_is_refused(idp):
    token = partner_token(idp, email="zoe@acme.example")
    answer = exchange(idp, token, subject_token_type=PARTNER)
    assert refused(answer) == (400, "invalid_request", "The user does not exist.")
    assert hint(answer) == ("The subject token is for 'zoe@acme.example'. No user has that name.")


def test_auth0_exchange__an_entry_denies_with_any_code(idp):
    assert refused(exchange(idp, "stolen")) == (403, "token_stolen", "Reported as stolen.")
    assert refused(exchange(idp, "late")) == (500, "server_error", INVALID)
    assert "An entry of `mockidp.subject_tokens` for profile legacy" in hint(exchange(idp, "late"))


def test_rfc8693_4_1__the_actor_is_in_both_tokens_and_there_is_no_refresh_token(idp):
    answer = exchange(idp, "legacy-delegated", scope="openid offline_access")
    assert claims_of(answer.json["access_token"])["act"] == AGENT
    assert claims_of(answer.json["id_token"])["act"] == AGENT
    assert answer.json["scope"] == "openid"
    assert "refresh_token" not in answer.json
    assert "the exchange has an actor" in hint(answer)
    assert "refresh_token" not in exchange(idp, "legacy-delegated", scope="openid").json


def test_rfc8693_4_1__an_actor_token_alone_adds_no_claim(idp):
    answer = exchange(idp, actor_token="a", actor_token_type="urn:acme:agent", scope="openid")
    assert "act" not in claims_of(answer.json["access_token"])


@pytest.mark.parametrize(
    ("form", "missing"),
    [
        ({"subject_token": None}, "subject_token"),
        ({"subject_token_type": None}, "subject_token_type"),
        ({"actor_token": "a"}, "actor_token_type"),
        ({"actor_token_type": "urn:acme:agent"}, "actor_token"),
    ],
)
def test_rfc8693_2_1__parameters_are_required(idp, form, missing):
    answer = exchange(idp, **form)
    assert refused(answer) == (400, "invalid_request", f"Missing required parameter: {missing}")


@pytest.mark.parametrize(
    ("form", "cause"),
    [
        ({"subject_token_type": "urn:acme:legacy-tokens"}, "Did you mean urn:acme:legacy-token?"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:jwt"}, "Known types: urn:acme"),
        ({"requested_token_type": "urn:x"}, "`requested_token_type` is urn:x, but Auth0 refuses"),
    ],
)
def test_auth0_exchange__types_without_a_profile_are_refused(idp, form, cause):
    answer = exchange(idp, **form)
    assert refused(answer) == (400, "invalid_request", COMBINATION)
    assert cause in hint(answer)


@pytest.mark.parametrize(
    ("uri", "feature"),
    [
        ("http://auth0.com/oauth/token-type/apple-authz-code", "Native social login with Apple"),
        (
            "http://auth0.com/oauth/token-type/facebook-info-session-access-token",
            "Native social login with Facebook",
        ),
        ("urn:ietf:params:oauth:token-type:access_token", "The exchange of access tokens"),
        ("urn:ietf:params:oauth:token-type:refresh_token", "The exchange of refresh tokens"),
    ],
)
def test_auth0_exchange__features_that_mockidp_lacks_are_refused_by_name(idp, uri, feature):
    answer = exchange(idp, subject_token_type=uri)
    assert answer.status_code == 501
    assert answer.json["error"] == "not_implemented"
    assert answer.json["error_description"].startswith(feature)


@pytest.mark.parametrize(
    ("client_id", "cause"),
    [
        ("not-allowed", "`token_exchange.allow_any_profile_of_type` to [custom_authentication]"),
        ("on-behalf", "`token_exchange.allow_any_profile_of_type` to [custom_authentication]"),
        ("foreign", "is a third-party client (`is_first_party` is false)."),
        ("legacy-pipeline", "has `oidc_conformant: false`. Set it to true."),
    ],
)
def test_auth0_exchange__the_client_must_be_allowed(idp, client_id, cause):
    answer = exchange(idp, client_id=client_id)
    assert refused(answer) == (403, "unauthorized_client", NOT_ALLOWED)
    assert cause in hint(answer)


def test_auth0_exchange__the_client_needs_the_grant_type(idp):
    answer = exchange(idp, client_id="web")
    assert answer.status_code == 403
    assert answer.json["error"] == "unauthorized_client"
    assert (
        "Grant type 'urn:ietf:params:oauth:grant-type:token-exchange' not allowed"
        in (answer.json["error_description"])
    )


def test_auth0_exchange__a_blocked_user_gets_no_tokens(idp):
    assert refused(exchange(idp, "legacy-blocked")) == (401, "unauthorized", "user is blocked")


def test_auth0_exchange__the_connection_of_the_user_must_be_enabled(idp):
    answer = exchange(idp, "legacy-staff")
    assert refused(answer) == (400, "invalid_request", "no connections enabled for the client")
    assert "Connection staff of user" in hint(answer)


def test_auth0_exchange__an_api_that_asks_for_consent_cannot_get_it(idp):
    answer = exchange(idp, audience=CONSENT_API)
    assert refused(answer) == (403, "consent_required", "Consent required")
    assert "a token exchange has no page for consent" in hint(answer)


def test_auth0_exchange__an_unknown_audience_is_refused(idp):
    answer = exchange(idp, audience="https://no.example/")
    assert refused(answer) == (403, "access_denied", "Service not found: https://no.example/")


def test_auth0_exchange__nothing_decides_about_a_profile_without_entries():
    idp = TenantClient(replace(TENANT, mockidp=Settings()))
    answer = exchange(idp)
    assert refused(answer) == (400, "invalid_request", INVALID)
    assert "Nothing decides about profile legacy." in hint(answer)


# --- a function of the test ---


def decide_with(idp, decide, profile="legacy"):
    idp.tenant.deciders[profile] = decide


def test_auth0_exchange__a_function_gets_the_request_and_returns_the_user(idp):
    seen = []

    def decide(request):
        seen.append(request)
        return "bob@acme.example"

    decide_with(idp, decide)
    answer = exchange(
        idp,
        "anything",
        scope="openid read:items",
        actor_token="agent-1",
        actor_token_type="urn:acme:agent",
        device="d1",
    )
    assert claims_of(answer.json["access_token"])["sub"] == "auth0|bob"
    (request,) = seen
    assert (request.profile, request.subject_token) == ("legacy", "anything")
    assert (request.actor_token, request.actor_token_type) == ("agent-1", "urn:acme:agent")
    assert (request.client_id, request.audience) == ("broker", API)
    assert request.scope == ("openid", "read:items")
    assert request.parameters["device"] == "d1"
    assert "client_secret" not in request.parameters


def test_auth0_exchange__a_function_may_return_a_record(idp):
    decide_with(idp, lambda _request: idp.tenant.directory.user("auth0|bob"))
    assert claims_of(exchange(idp).json["access_token"])["sub"] == "auth0|bob"


def test_auth0_exchange__a_function_refuses_with_code_and_reason(idp):
    decide_with(idp, lambda request: request.deny("Unauthorized_login", "Not today."))
    assert refused(exchange(idp)) == (403, "Unauthorized_login", "Not today.")
    decide_with(idp, lambda request: request.reject_invalid_subject_token("Expired."))
    assert refused(exchange(idp)) == (400, "invalid_request", "Expired.")
    decide_with(idp, lambda request: request.reject_invalid_subject_token())
    assert refused(exchange(idp)) == (400, "invalid_request", INVALID)


def test_auth0_exchange__a_function_sets_the_actor(idp):
    def decide(request):
        request.set_actor({"sub": request.actor_token})
        return "alice"

    decide_with(idp, decide)
    answer = exchange(idp, actor_token="agent-1", actor_token_type="urn:acme:agent")
    assert claims_of(answer.json["access_token"])["act"] == {"sub": "agent-1"}


@pytest.mark.parametrize(
    "actor",
    [
        None,
        {},
        {"sub": 1},
        {"sub": "a", "x": []},
        {"sub": "a"} | {f"p{n}": n for n in range(6)},
        {"sub": "1", "act": {"sub": "2", "act": {"sub": "3", "act": {"sub": "4", "act": {
            "sub": "5", "act": {"sub": "6"}}}}}},
    ],
)  # fmt: skip
def test_auth0_exchange__an_actor_that_auth0_refuses_is_an_error_of_the_function(
    idp, actor, caplog
):
    decide_with(idp, lambda request: request.set_actor(actor))
    with caplog.at_level(logging.ERROR):
        answer = exchange(idp)
    assert refused(answer) == (500, "server_error", "Internal error")
    assert "raised ValueError" in hint(answer)
    assert "Expected an actor with a string as `sub`" in caplog.text


@pytest.mark.parametrize(
    ("decided", "error", "cause"),
    [
        (None, (500, "server_error", "Internal error"), "returned a NoneType. Return a user"),
        (
            "zoe",
            (400, "invalid_request", "The user does not exist."),
            "The function that decides about profile legacy returned 'zoe'. No user has that name.",
        ),
    ],
)
def test_auth0_exchange__a_function_has_to_return_a_user(idp, decided, error, cause):
    decide_with(idp, lambda _request: decided)
    answer = exchange(idp)
    assert refused(answer) == error
    assert cause in hint(answer)


def test_auth0_exchange__a_reset_forgets_functions(idp):
    decide_with(idp, lambda _request: "bob")
    idp.tenant.reset()
    assert claims_of(exchange(idp).json["access_token"])["sub"] == "auth0|alice"


# --- organizations ---


@pytest.fixture
def member():
    """A tenant where alice is a member of the organization acme, with the role viewer."""
    acme = Organization(
        name="acme",
        id="org_acme",
        members=(OrganizationMember(user_id="auth0|alice", roles=("viewer",)),),
        connections=(OrganizationConnection(name=DATABASE),),
    )
    clients = (
        *TENANT.clients,
        broker("in-org", organization_usage="allow"),
        broker("only-in-org", organization_usage="require"),
    )
    return TenantClient(replace(TENANT, clients=clients, organizations=(acme,)))


def test_auth0_exchange__the_tokens_are_for_an_organization(member):
    form = {"audience": RBAC_API, "scope": "openid read:reports", "organization": "org_acme"}
    body = exchange(member, client_id="in-org", **form).json
    assert claims_of(body["access_token"])["org_id"] == "org_acme"
    assert claims_of(body["access_token"])["permissions"] == ["read:reports"]
    assert claims_of(body["id_token"])["org_id"] == "org_acme"
    without = exchange(member, client_id="in-org").json
    assert "org_id" not in claims_of(without["access_token"])


def test_auth0_exchange__a_function_sets_the_organization(member):
    def decide(request):
        request.set_organization("org_acme")
        return "alice"

    decide_with(member, decide)
    body = exchange(member, client_id="only-in-org").json
    assert claims_of(body["access_token"])["org_id"] == "org_acme"


def test_auth0_exchange__a_login_may_assign_membership(member):
    acme = member.tenant.directory.organization("org_acme")
    joining = OrganizationConnection(name=DATABASE, assign_membership_on_login=True)
    member.edit(
        replace(member.tenant.document, organizations=(replace(acme, connections=(joining,)),))
    )
    form = {"client_id": "in-org", "organization": "org_acme"}
    assert exchange(member, "legacy-bob", **form).status_code == 200
    assert member.tenant.directory.organization("org_acme").member("auth0|bob")


@pytest.mark.parametrize(
    ("token", "form", "error"),
    [
        (
            "legacy-alice",
            {"organization": "org_acme"},
            (400, "invalid_request", "parameter organization is not allowed for this client"),
        ),
        (
            "legacy-alice",
            {"client_id": "in-org", "organization": "org_other"},
            (400, "invalid_request", "parameter organization is invalid"),
        ),
        (
            "legacy-alice",
            {"client_id": "only-in-org"},
            (400, "invalid_request", "parameter organization is required for this client"),
        ),
        (
            "legacy-bob",
            {"client_id": "in-org", "organization": "org_acme"},
            (403, "access_denied", "user auth0|bob is not part of the org_acme organization"),
        ),
        (
            "legacy-staff",
            {"client_id": "in-org", "organization": "org_acme"},
            (400, "invalid_request", "no connections enabled for the organization"),
        ),
    ],
)
def test_auth0_exchange__an_organization_that_does_not_fit_is_refused(member, token, form, error):
    assert refused(exchange(member, token, **form)) == error


# --- the second factor ---


def test_auth0_exchange__a_second_factor_may_be_required():
    idp = MfaClient(APP, document=TENANT)
    answer = exchange(idp, scope="openid")
    assert refused(answer) == (403, "mfa_required", "Multifactor authentication required")
    passed = idp.otp(answer.json["mfa_token"], idp.code(), client_id="broker")
    assert claims_of(passed.json["access_token"])["sub"] == "auth0|alice"
    assert claims_of(passed.json["id_token"])["amr"] == ["mfa"]


def test_auth0_exchange__a_second_factor_is_not_possible_with_an_actor_or_organization(member):
    text = "MFA is not supported using actor_token with the requested token exchange profile"
    member.edit(with_mfa(document=member.tenant.document))
    for token, form, of in (
        ("legacy-delegated", {}, "an actor"),
        ("legacy-alice", {"client_id": "in-org", "organization": "org_acme"}, "an organization"),
    ):
        answer = exchange(member, token, **form)
        assert refused(answer) == (400, "invalid_request", text)
        assert f"no second factor in a token exchange with {of}." in hint(answer)
