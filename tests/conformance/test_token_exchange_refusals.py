"""Custom token exchange: requests, clients and users that are refused."""

from dataclasses import replace

import pytest

from helpers.mfa import refused
from helpers.tenant_client import TenantClient, hint
from helpers.token_exchange import (
    CONSENT_API,
    INVALID,
    TENANT,
    exchange,
)
from mockidp.tenant.content.settings import Settings

COMBINATION = "Invalid subject_token_type and requested_token_type combination."
NOT_ALLOWED = '"custom_authentication" Token Exchange Profile is not allowed for the client.'


@pytest.fixture
def idp():
    return TenantClient(TENANT)


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


def test_auth0_exchange__an_api_that_needs_consent_is_refused(idp):
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
    assert "No entry or function handles profile legacy." in hint(answer)
