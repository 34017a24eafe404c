"""Unsupported parameters are refused, or named in a hint."""

import pytest

from helpers import identity_assertions, token_vault
from helpers.acme import API, CALLBACK
from helpers.devices import DEVICES, Device, log_in
from helpers.mfa import APP, PHONE_OF_ALICE, MfaClient
from helpers.passwordless import TENANT as PASSWORDLESS_TENANT
from helpers.passwordless import code_for, redeem
from helpers.tenant_client import hint, sent_to_callback
from mockidp.flows.mfa.authenticators import new_authenticator
from mockidp.protocol.oauth import grant_types
from mockidp.protocol.oauth.grant_types import DEVICE_CODE, PASSWORD_REALM, PASSWORDLESS_OTP
from mockidp.protocol.request_parameters.authorize import AUTHORIZE
from mockidp.protocol.request_parameters.table import RequestParameter
from mockidp.protocol.request_parameters.token import TOKEN

CODE_CHALLENGE = "c" * 43
GRANT_FORMS = {
    "client_credentials": {"client_id": "m2m", "audience": API},
    "password": {"username": "alice@acme.example", "password": "Passw0rd!"},
    PASSWORD_REALM: {
        "username": "alice@acme.example",
        "password": "Passw0rd!",
        "realm": "Username-Password-Authentication",
    },
}


def sample(one: RequestParameter) -> tuple[str, str]:
    """Return a name and a value that an entry is for."""
    return one.name.replace("*", "x"), one.values[0] if one.values else "some-value"


def entries(table, handling):
    """Return the entries of a table for parameters that are handled so."""
    return [
        pytest.param(one, id=f"{one.name}-{'-'.join((*one.grants, *one.values))}")
        for one in table
        if one.handling == handling and not one.is_header
    ]


def exchange(idp, grant, **form):
    """Send a token request of a grant type that has what it needs, and more."""
    if grant == "authorization_code":
        return idp.redeem(idp.callback()["code"], **form)
    if grant == "refresh_token":
        body = idp.tokens(scope="openid offline_access", audience=API)
        return idp.refresh(body["refresh_token"], **form)
    if grant == DEVICE_CODE:
        idp.edit(DEVICES)
        device = Device(idp)
        log_in(idp, device.user_code)
        return device.poll(**form)
    if grant == grant_types.JWT_BEARER:
        idp.edit(identity_assertions.TENANT)
        form |= {"client_id": "agent", "assertion": identity_assertions.assertion(idp)}
    if grant in OF_OTHER_TENANTS:
        return OF_OTHER_TENANTS[grant](idp, **form)
    if grant in grant_types.MFA:
        return pass_second_factor(grant, **form)
    return idp.token(grant_type=grant, **GRANT_FORMS.get(grant, {}) | form)


def redeem_one_time_password(idp, **form):
    idp.edit(PASSWORDLESS_TENANT)
    return redeem(idp, code_for(idp), **form)


def exchange_for_token_of_service(idp, **form):
    idp.edit(token_vault.TENANT)
    return token_vault.exchange(idp, token_vault.refresh_token(idp, "vera"), **form)


OF_OTHER_TENANTS = {
    PASSWORDLESS_OTP: redeem_one_time_password,
    grant_types.TOKEN_VAULT: exchange_for_token_of_service,
}


def pass_second_factor(grant, **form):
    """Finish a login at a tenant with second factors."""
    idp = MfaClient(APP, PHONE_OF_ALICE)
    token = idp.mfa_token()
    if grant == grant_types.MFA_OTP:
        return idp.otp(token, idp.code(), **form)
    if grant == grant_types.MFA_OOB:
        oob_code = idp.challenge(token, challenge_type="oob").json["oob_code"]
        code = idp.tenant.outbox.last().code
        return idp.oob(token, oob_code, binding_code=code, **form)
    user = idp.tenant.directory.user("auth0|alice")
    new_authenticator(idp.tenant, user.user_id, "recovery-code", secret="R", is_active=True)
    return idp.recover(token, "R", **form)


@pytest.mark.parametrize("one", entries(AUTHORIZE, "hinted"))
def test_auth0_authorize__unsupported_parameters_cause_a_hint(idp, one):
    name, value = sample(one)
    answer = idp.authorize(**{name: value})
    assert answer.location.startswith("/u/login?state=")
    assert hint(answer) == f"Parameter `{name}` was ignored. {one.text}"
    assert idp.tenant.journal.last("authorize").hint == hint(answer)


@pytest.mark.parametrize("one", entries(AUTHORIZE, "ignored"))
def test_auth0_authorize__parameters_without_effect_in_auth0_cause_no_hint(idp, one):
    name, value = sample(one)
    answer = idp.authorize(**{name: value})
    assert answer.location.startswith("/u/login?state=")
    assert hint(answer) == ""


@pytest.mark.parametrize("one", entries(AUTHORIZE, "not accepted"))
def test_auth0_authorize__parameters_that_auth0_does_not_accept_are_refused(idp, one):
    answer = idp.authorize(**{one.name: "some-value"})
    assert sent_to_callback(answer)["error"] == "invalid_request"
    assert f"Leave out `{one.name}`." in hint(answer)
    assert "some-value" not in hint(answer)


@pytest.mark.parametrize("one", entries(AUTHORIZE, "refused"))
def test_auth0_authorize__unsupported_parameters_that_change_the_answer_are_refused(idp, one):
    name, value = sample(one)
    answer = idp.authorize(**{name: value})
    assert sent_to_callback(answer) == {
        "error": "invalid_request",
        "error_description": f"Parameter '{name}' is not supported",
        "state": "s1",
    }
    assert hint(answer) == f"{one.text} Leave out `{name}`, which mockidp does not support yet."


@pytest.mark.parametrize("one", entries(AUTHORIZE, "refused"))
def test_auth0_authorize__an_empty_parameter_counts_as_absent(idp, one):
    answer = idp.authorize(**{sample(one)[0]: ""})
    assert answer.location.startswith("/u/login?state=")
    assert hint(answer) == ""


def test_auth0_authorize__the_request_of_a_browser_sdk_causes_no_hint(idp):
    answer = idp.authorize(
        audience=API,
        response_mode="query",
        nonce="n",
        code_challenge=CODE_CHALLENGE,
        code_challenge_method="S256",
        auth0Client="eyJuYW1lIjoiYXV0aDAtc3BhLWpzIn0=",
        prompt="login",
        screen_hint="login",
        max_age="60",
        login_hint="alice@acme.example",
    )
    assert answer.location.startswith("/u/login?state=")
    assert hint(answer) == ""


def test_auth0_authorize__several_hints_are_joined(idp):
    answer = idp.authorize(id_token_hint="a", resource="x", scopes="openid")
    first, *hints = hint(answer).split("Parameter ")
    assert first == ""
    assert [one.split(" ")[0] for one in hints] == ["`id_token_hint`", "`resource`", "`scopes`"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("audiance", "audience"),
        ("audince", "audience"),
        ("scopes", "scope"),
        ("redirect_url", "redirect_uri"),
        ("maxAge", "max_age"),
        ("code-challenge-methods", "code_challenge_method"),
        ("Audience", "audience"),
    ],
)
def test_auth0_authorize__a_misspelt_name_causes_a_hint(idp, name, meant):
    expected = f"Parameter `{name}` is unknown and was ignored. Did you mean `{meant}`?"
    assert hint(idp.authorize(**{name: "x"})) == expected


@pytest.mark.parametrize("name", ["utm_source", "next", "{" + "audience" * 9, "SCOPE!"])
def test_auth0_authorize__any_other_name_causes_no_hint(idp, name):
    assert hint(idp.authorize(**{name: "x"})) == ""


def test_auth0_authorize__a_refusal_shows_only_its_own_hint(idp):
    answer = idp.authorize(prompt="none", ui_locales="de", resource="x")
    assert sent_to_callback(answer)["error"] == "login_required"
    assert "ui_locales" not in hint(answer)
    assert "resource" not in hint(answer)


def test_auth0_authorize__prompt_consent_of_a_first_party_client_causes_a_hint(idp):
    idp.callback()
    answer = idp.authorize(prompt="consent")
    assert sent_to_callback(answer)["code"]
    assert hint(answer) == (
        "Parameter prompt=consent has no effect, because client web is first-party and the API skips "
        "consent."
    )


def grants_of(handling):
    """Return each grant type with each entry of the token table that is handled so."""
    every = ("authorization_code", "refresh_token", *GRANT_FORMS)
    return [
        pytest.param(grant, *one.values, id=f"{grant}-{one.values[0].name}")
        for one in entries(TOKEN, handling)
        for grant in one.values[0].grants or every
    ]


@pytest.mark.parametrize(("grant", "one"), grants_of("hinted"))
def test_auth0_token__unsupported_parameters_cause_a_hint(idp, grant, one):
    answer = exchange(idp, grant, **{one.name: "x"})
    assert answer.status_code == 200
    assert hint(answer) == f"Parameter `{one.name}` was ignored. {one.text}"
    assert idp.tenant.journal.last("token").hint == hint(answer)


@pytest.mark.parametrize(("grant", "one"), grants_of("ignored"))
def test_auth0_token__parameters_without_effect_in_auth0_cause_no_hint(idp, grant, one):
    answer = exchange(idp, grant, **{one.name: "x"})
    assert answer.status_code == 200
    assert hint(answer) == ""


def test_auth0_token__a_parameter_of_another_grant_causes_no_hint(idp):
    assert hint(exchange(idp, "client_credentials", code="x", realm="y")) == ""


@pytest.mark.parametrize(
    ("client_id", "grant"),
    [("web", "authorization_code"), ("web", "refresh_token"), ("m2m", "client_credentials")],
)
def test_rfc9449_5__a_dpop_proof_is_refused_because_tokens_would_not_be_bound(
    idp, client_id, grant
):
    headers = {"DPoP": "eyJ0eXAiOiJkcG9wK2p3dCJ9.e30.x"}
    form = {"grant_type": grant, "client_id": client_id, "client_secret": f"{client_id}-secret"}
    answer = idp.post("/oauth/token", headers=headers, **form)
    assert answer.status_code == 400
    assert answer.json == {
        "error": "invalid_dpop_proof",
        "error_description": "DPoP is not supported",
    }
    assert "The request has a DPoP header." in hint(answer)
    assert "eyJ0" not in hint(answer)


def test_auth0_token__the_headers_of_sdks_cause_no_hint(idp):
    headers = {"Auth0-Client": "eyJuYW1lIjoieCJ9", "auth0-forwarded-for": "192.0.2.1"}
    form = {"grant_type": "client_credentials", "client_secret": "m2m-secret"}
    answer = idp.post("/oauth/token", headers=headers, **form, **GRANT_FORMS["client_credentials"])
    assert answer.status_code == 200
    assert hint(answer) == ""


@pytest.mark.parametrize("separator", [" ", ",", ", "])
def test_auth0_audience__several_in_one_parameter_cause_a_hint(idp, separator):
    both = separator.join((API, "https://rbac.example/"))
    one_audience = "Auth0 accepts one audience. Request a token for each API."
    answer = idp.authorize(audience=both)
    assert sent_to_callback(answer)["error_description"] == f"Service not found: {both}"
    assert hint(answer).endswith(one_audience)
    assert hint(idp.machine_token(audience=both)).endswith(one_audience)
    assert hint(idp.password_token(audience=both)).endswith(one_audience)


def test_auth0_audience__a_repeated_one_and_a_list_cause_a_hint(idp):
    one_audience = "Auth0 accepts one audience. Request a token for each API."
    answer = idp.request("GET", f"/authorize?client_id=web&audience={API}&audience=x")
    assert answer.status_code == 400
    assert hint(answer) == f"Parameter `audience` was sent more than once. {one_audience}"
    assert one_audience not in hint(idp.request("GET", "/authorize?scope=a&scope=b"))
    body = {"client_id": "m2m", "client_secret": "m2m-secret", "audience": [API, "x"]}
    answer = idp.post("/oauth/token", json_body=body | {"grant_type": "client_credentials"})
    assert answer.json["error_description"] == "Parameter 'audience' must be a string"
    assert hint(answer).endswith(one_audience)
    assert one_audience not in hint(idp.machine_token(audience="https://no.example/"))


def test_auth0_authorize__an_ordinary_answer_has_no_hint(idp):
    assert hint(idp.authorize(redirect_uri=CALLBACK)) == ""
