"""Faults that refuse a request: the tenant answers with Auth0's text and does nothing."""

import re
from dataclasses import replace

import pytest

from helpers.acme import ACME, API, CALLBACK, with_client, with_settings
from helpers.tenant_client import TenantClient, WebMessage, hint, sent_to_callback
from mockidp.faults import Fault
from mockidp.protocol.errors.error_codes import CODES
from mockidp.tenant.content.settings import ImpersonationSettings
from mockidp.tenant.tenant import Tenant

REFUSED = "fired: the fault answered the request, and the tenant did nothing."


# --- at /oauth/token ---


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_error_at_the_token_endpoint(idp, code):
    with idp.fault("token", error=code):
        answer = idp.machine_token(audience=API)
    assert answer.status_code == CODES[code].status
    assert answer.json["error"] == code
    assert answer.json["error_description"]
    assert hint(answer) == f"Fault `token: error {code}` (1) {REFUSED}"
    assert idp.machine_token(audience=API).status_code == 200


def test_a_description_and_a_status_may_be_given(idp):
    idp.fault("token", error="invalid_grant", description="Ouch <b>", status=418)
    answer = idp.machine_token(audience=API)
    assert (answer.status_code, answer.json) == (
        418,
        {"error": "invalid_grant", "error_description": "Ouch <b>"},
    )


@pytest.mark.parametrize(("words", "status"), [({}, 400), ({"status": 403}, 403)])
def test_the_standards_status_is_kept_unless_one_is_given(make_idp, words, status):
    idp = make_idp(with_settings(profile="oidc"))
    idp.fault("token", error="invalid_grant", **words)
    assert idp.machine_token(audience=API).status_code == status


@pytest.mark.parametrize(
    ("form", "description"),
    [
        ({"grant_type": "authorization_code", "code": "x"}, "Invalid authorization code"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "Unknown or invalid refresh token."),
        ({"grant_type": "password", "username": "u", "password": "p"}, "Wrong email or password."),
        ({"grant_type": "client_credentials"}, "Invalid grant"),
    ],
)  # fmt: skip
def test_an_invalid_grant_has_the_description_of_its_grant(idp, form, description):
    idp.fault("token", error="invalid_grant")
    assert idp.token(**form).json["error_description"] == description


def test_a_code_is_refused_as_used(idp):
    code = idp.callback()["code"]
    used = idp.redeem(idp.tokens() and "never made").json
    with idp.fault("token", refuse="code_used"):
        answer = idp.redeem(code)
        assert idp.machine_token(audience=API).status_code == 200
    assert (answer.status_code, answer.json) == (403, used)
    assert hint(answer) == f"Fault `token: refuse code_used` (1) {REFUSED}"
    # Nothing was done: the code is still valid.
    assert idp.redeem(code).status_code == 200


def test_a_refresh_token_is_refused_as_revoked(idp):
    tokens = idp.tokens(scope="openid offline_access", audience=API)
    real = idp.refresh("never made").json
    with idp.fault("token", refuse="refresh_token_revoked"):
        answer = idp.refresh(tokens["refresh_token"])
    assert (answer.status_code, answer.json) == (403, real)
    assert idp.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("setting", ["unauthorized", "invalid_grant"])
def test_a_user_is_refused_as_blocked(make_idp, setting):
    idp = make_idp(with_settings(blocked_user_error=setting))
    real = idp.password_token(username="blocked@acme.example")
    with idp.fault("token", refuse="user_blocked", when={"user": "alice"}):
        answer = idp.password_token()
        assert idp.password_token(username="bob@acme.example").status_code == 200
    assert (answer.status_code, answer.json) == (real.status_code, real.json)
    assert idp.password_token().status_code == 200


def test_a_user_is_refused_as_blocked_when_a_token_is_refreshed(idp):
    tokens = idp.tokens(scope="openid offline_access", audience=API)
    idp.fault("token", refuse="user_blocked")
    answer = idp.refresh(tokens["refresh_token"])
    assert (answer.status_code, answer.json) == (
        403,
        {"error": "invalid_grant", "error_description": "user is blocked"},
    )


# --- at /authorize ---


@pytest.mark.parametrize("mode", ["query", "fragment"])
def test_an_error_at_authorize_goes_to_the_callback(idp, mode):
    idp.fault("authorize", error="temporarily_unavailable")
    answer = idp.authorize(response_mode=mode)
    mark = "?" if mode == "query" else "#"
    assert answer.location == (
        f"{CALLBACK}{mark}error=temporarily_unavailable"
        "&error_description=Temporarily%20unavailable&state=s1"
    )
    assert hint(answer) == f"Fault `authorize: error temporarily_unavailable` (1) {REFUSED}"
    entry = idp.tenant.journal.last("authorize")
    assert (entry.error, entry.status) == ("temporarily_unavailable", 302)


def test_an_error_at_authorize_is_posted_as_a_web_message(idp):
    idp.fault("authorize", error="temporarily_unavailable", times=2)
    answer = idp.authorize(response_mode="web_message")
    assert WebMessage(answer).response["error"] == "temporarily_unavailable"
    elsewhere = idp.authorize(client_id="other", response_mode="web_message")
    assert (elsewhere.status_code, "registered origin" in elsewhere.text) == (400, True)


def test_with_a_status_it_is_shown_on_the_error_page(idp):
    idp.fault("authorize", error="server_error", status=502)
    answer = idp.authorize()
    assert (answer.status_code, answer.content_type) == (502, "text/html; charset=utf-8")
    assert "server_error" in answer.text


@pytest.mark.parametrize(
    "spoiled", [{"client_id": "nobody"}, {"redirect_uri": "http://evil.example/"}]
)
def test_an_error_is_not_sent_to_an_invalid_callback(idp, spoiled):
    idp.fault("authorize", error="access_denied")
    answer = idp.authorize(**spoiled)
    assert answer.status_code in {400, 403}
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("refuse", "description"),
    [("login_required", "Login required"), ("consent_required", "Consent required")],
)
def test_a_silent_login_is_refused(idp, refuse, description):
    idp.callback()
    assert "code" in sent_to_callback(idp.authorize(prompt="none"))
    active = idp.fault("authorize", refuse=refuse)
    assert sent_to_callback(idp.authorize(prompt="none")) == {
        "error": refuse,
        "error_description": description,
        "state": "s1",
    }
    # The fault refuses only silent requests.
    assert "code" in sent_to_callback(idp.authorize())
    assert (active.matched, active.fired) == (1, 1)


def test_a_refusal_has_the_tenants_own_description(idp):
    real = sent_to_callback(idp.authorize(prompt="none"))
    idp.callback()
    idp.fault("authorize", refuse="login_required")
    assert sent_to_callback(idp.authorize(prompt="none")) == real


# --- on pages, and elsewhere ---


@pytest.mark.parametrize("endpoint", ["login", "organization", "consent", "resume", "logout"])
def test_an_error_for_a_person_is_a_page(idp, endpoint):
    idp.fault(endpoint, error="server_error", description="It is <down>")
    paths = {
        "login": "/u/login?state=x",
        "organization": "/u/organization/picker?state=x",
        "consent": "/u/consent?state=x",
        "resume": "/authorize/resume?state=x",
        "logout": "/v2/logout",
    }
    answer = idp.get(paths[endpoint])
    assert (answer.status_code, answer.content_type) == (500, "text/html; charset=utf-8")
    assert "It is &lt;down&gt;" in answer.text


@pytest.mark.parametrize("path", ["/userinfo", "/oauth/revoke"])
def test_an_error_for_a_client_is_json(idp, path):
    endpoint = path.rpartition("/")[2]
    idp.fault(endpoint, error="temporarily_unavailable", headers={"Retry-After": "3"})
    answer = idp.post(path)
    assert (answer.status_code, answer.json["error"]) == (503, "temporarily_unavailable")
    assert answer.headers["Retry-After"] == "3"


# --- impersonation links ---


@pytest.mark.parametrize("refuse", ["link_expired", "link_replayed", "link_tampered"])
def test_a_link_is_refused_with_each_cause(make_idp, refuse):
    settings = ImpersonationSettings(single_use=True)
    idp = make_idp(replace(ACME, mockidp=replace(ACME.mockidp, impersonation=settings)))

    def refused():
        link = idp.link()
        if refuse == "link_expired":
            idp.later(10_000)
        if refuse == "link_replayed":
            idp.get(link)
        return idp.get(link + "x" if refuse == "link_tampered" else link)

    real = refused()
    assert real.status_code == 401
    link = idp.link()
    with idp.fault("impersonation_link", refuse=refuse):
        answer = idp.get(link)
    assert (answer.status_code, answer.json) == (real.status_code, real.json)
    assert hint(answer) == f"Fault `impersonation_link: refuse {refuse}` (1) {REFUSED}"
    assert idp.get(link).status_code == 302


# --- mfa_required ---


def test_mfa_required_has_an_mfa_token(idp):
    idp.fault("token", error="mfa_required")
    answer = idp.token(grant_type="refresh_token", refresh_token="any")
    token = answer.json["mfa_token"]
    assert re.fullmatch(r"Fe26\.2(\*[A-Za-z0-9_-]{20,}){5}", token)
    assert (answer.status_code, answer.json) == (
        403,
        {
            "error": "mfa_required",
            "error_description": "Multifactor authentication required",
            "mfa_token": token,
        },
    )
    assert token not in idp.tenant.journal.to_json()


def test_the_mfa_token_is_repeatable_from_the_seed():
    tokens = []
    for _ in range(2):
        idp = TenantClient(tenant=Tenant(ACME, seed="seed"))
        idp.tenant.faults.add(Fault(endpoint="token", error="mfa_required"))
        tokens.append([idp.token().json["mfa_token"] for _ in range(2)])
    assert tokens[0] == tokens[1]
    assert len(set(tokens[0])) == 2


def test_at_other_endpoints_mfa_required_has_no_token(idp):
    idp.fault("revoke", error="mfa_required")
    answer = idp.post("/oauth/revoke")
    assert answer.json == {
        "error": "mfa_required",
        "error_description": "Multifactor authentication required",
    }


def test_the_mfa_token_of_a_fault_is_not_valid(idp):
    with idp.fault("token", error="mfa_required"):
        token = idp.machine_token(audience=API).json["mfa_token"]
    form = {"grant_type": "http://auth0.com/oauth/grant-type/mfa-otp", "mfa_token": token}
    idp.edit(with_client(ACME, "web", grant_types=(form["grant_type"],)))
    answer = idp.token(**form, otp="123456")
    assert answer.status_code == 403
    assert answer.json == {"error": "invalid_grant", "error_description": "Malformed mfa_token"}
