"""The grant passwordless/otp: one use, the last code only, ten guesses, and the user it creates."""

import re
from dataclasses import replace

import pytest

from helpers.acme import API
from helpers.interleaved import run_after_next_find
from helpers.passwordless import (
    EMAIL,
    PHONE,
    SHORT,
    TENANT,
    code_for,
    redeem,
    start,
    with_connection,
)
from helpers.tenant_client import TenantClient, claims_of, hint, race

WRONG = "Wrong email or verification code."
EXPIRED = "The verification code has expired. Please try to login again."
TOO_MANY = "You've reached the maximum number of attempts. Please try to login again."


@pytest.fixture
def idp():
    return TenantClient(TENANT)


def refused(answer, description=WRONG, *, status=403, error="invalid_grant"):
    assert answer.status_code == status, answer.text
    assert answer.json == {"error": error, "error_description": description}
    return hint(answer)


def another(code):
    """Return a wrong code."""
    return code[::-1] if code != code[::-1] else str(int(code) + 1).zfill(len(code))


# --- what is issued ---


def test_auth0_passwordless__a_code_is_exchanged_for_tokens(idp):
    answer = redeem(idp, code_for(idp))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(answer.json) == [
        "access_token", "id_token", "scope", "expires_in", "token_type",
    ]  # fmt: skip
    claims = claims_of(answer.json["id_token"])
    assert re.fullmatch(r"email\|[0-9a-f]{24}", claims["sub"])
    assert claims["email"] == claims["name"] == EMAIL
    assert claims["email_verified"] is True
    assert claims["nickname"] == "new"
    assert "amr" not in claims
    assert answer.json["scope"] == "openid profile email address phone"


def test_auth0_passwordless__a_code_by_sms(idp):
    answer = redeem(idp, code_for(idp, PHONE, connection="sms"), realm="sms", scope="openid phone")
    claims = claims_of(answer.json["id_token"])
    assert claims["sub"].startswith("sms|")
    assert claims["phone_number"] == PHONE
    assert claims["phone_verified"] is True


def test_the_first_login_creates_the_user_once(idp):
    first = start(idp).json["_id"]
    assert idp.tenant.directory.user(f"email|{first}") is None
    sub = claims_of(redeem(idp, code_for(idp)).json["id_token"])["sub"]
    assert sub == f"email|{first}"
    created = idp.tenant.directory.user(sub)
    assert created.created_at == created.updated_at
    assert created.connection == "email"
    idp.later(60)
    assert claims_of(redeem(idp, code_for(idp)).json["id_token"])["sub"] == sub
    later = idp.tenant.directory.user(sub)
    assert replace(later, extra=created.extra) == created
    assert start(idp).json["email_verified"] is True


def test_a_login_verifies_the_address_of_a_known_user(idp):
    code = code_for(idp, "erin@acme.example", email="Erin@acme.example")
    answer = redeem(idp, code, username="ERIN@acme.example ")
    claims = claims_of(answer.json["id_token"])
    assert (claims["sub"], claims["email_verified"]) == ("email|erin", True)
    erin = idp.tenant.directory.user("email|erin")
    assert erin.email_verified
    assert erin.updated_at > erin.created_at


def test_a_login_verifies_the_number_of_a_known_user(idp):
    code = code_for(idp, "+15550199", connection="sms", phone_number="+15550199")
    answer = redeem(idp, code, realm="sms", username="+15550199", scope="openid phone")
    claims = claims_of(answer.json["id_token"])
    assert (claims["sub"], claims["phone_verified"]) == ("sms|sam", True)
    verified = idp.tenant.directory.user("sms|sam")
    idp.later(60)
    code = code_for(idp, "+15550199", connection="sms", phone_number="+15550199")
    assert redeem(idp, code, realm="sms", username="+15550199").status_code == 200
    later = idp.tenant.directory.user("sms|sam")
    assert replace(later, extra=verified.extra) == verified


def test_users_of_other_connections_are_other_users(idp):
    code = code_for(idp, "alice@acme.example", email="alice@acme.example")
    claims = claims_of(redeem(idp, code, username="alice@acme.example").json["id_token"])
    assert claims["sub"] != "auth0|alice"


def test_the_same_number_in_a_database_is_another_user(idp):
    alice = replace(TENANT.users[0], phone_number=PHONE)
    idp.edit(replace(TENANT, users=(alice, *TENANT.users[1:])))
    answer = redeem(idp, code_for(idp, PHONE, connection="sms"), realm="sms")
    assert claims_of(answer.json["id_token"])["sub"].startswith("sms|")


def test_scope_and_audience_are_those_of_the_password_grant(idp):
    answer = redeem(idp, code_for(idp), audience=API, scope="openid read:items offline_access nope")
    assert answer.json["scope"] == "openid read:items offline_access"
    access = claims_of(answer.json["access_token"])
    assert access["aud"] == [API, f"{idp.url}/userinfo"]
    assert access["scope"] == "openid read:items offline_access"
    assert "gty" not in access
    refreshed = idp.refresh(answer.json["refresh_token"])
    assert claims_of(refreshed.json["id_token"])["sub"].startswith("email|")


def test_a_public_client_needs_no_secret(idp):
    code = code_for(idp, client_id="spa")
    assert redeem(idp, code, client_id="spa").status_code == 200


# --- what is refused ---


def test_auth0_passwordless__a_wrong_code(idp):
    code = code_for(idp)
    why = refused(redeem(idp, another(code)))
    assert "wrong guess 1 of 10" in why
    assert code not in why
    assert redeem(idp, code).status_code == 200


def test_auth0_passwordless__a_wrong_code_by_sms(idp):
    code = code_for(idp, PHONE, connection="sms")
    refused(redeem(idp, another(code), realm="sms"), "Wrong phone number or verification code.")


def test_a_code_that_was_never_sent_is_wrong(idp):
    assert "No code was sent to new@acme.example" in refused(redeem(idp, "123456"))


def test_auth0_passwordless__a_code_is_used_once(idp):
    code = code_for(idp)
    assert redeem(idp, code).status_code == 200
    assert "was used at" in refused(redeem(idp, code))


def test_only_one_of_fifty_threads_gets_tokens(idp):
    code = code_for(idp)
    statuses = race(lambda: redeem(idp.another_browser(), code).status_code)
    assert sorted(statuses) == [200] + [403] * 49
    assert len(idp.tenant.directory.users) == len(TENANT.users) + 1


def test_of_fifty_wrong_guesses_ten_are_compared(idp):
    code = code_for(idp)
    answers = race(lambda: redeem(idp.another_browser(), another(code)).json["error_description"])
    assert answers.count(WRONG) == 10
    assert answers.count(TOO_MANY) == 40


def test_a_wrong_guess_is_counted_although_another_was_counted_meanwhile(idp, monkeypatch):
    code = code_for(idp)
    codes = idp.tenant.passwordless_codes
    run_after_next_find(monkeypatch, codes, lambda: redeem(idp.another_browser(), another(code)))
    assert "wrong guess 2 of 10" in refused(redeem(idp, another(code)))


def test_a_code_that_was_used_meanwhile_is_refused(idp, monkeypatch):
    code = code_for(idp)
    codes = idp.tenant.passwordless_codes
    run_after_next_find(monkeypatch, codes, lambda: redeem(idp.another_browser(), code))
    assert "was used at" in refused(redeem(idp, code))


def test_a_concurrent_change_of_the_user_is_kept(idp, monkeypatch):
    code = code_for(idp, "erin@acme.example", email="erin@acme.example")
    users = idp.tenant.directory.users.store
    renamed = replace(users.get("email|erin"), name="Erin E.")
    run_after_next_find(monkeypatch, users, lambda: users.put("email|erin", renamed))
    claims = claims_of(redeem(idp, code, username="erin@acme.example").json["id_token"])
    assert (claims["name"], claims["email_verified"]) == ("Erin E.", True)


def test_auth0_passwordless__a_code_expires_after_three_minutes(idp):
    code = code_for(idp)
    idp.later(179)
    refused(redeem(idp, another(code)))
    idp.later(1)
    assert "180 seconds after it was sent" in refused(redeem(idp, code), EXPIRED)
    refused(redeem(idp, another(code)), WRONG)


def test_length_and_lifetime_of_a_code_are_options(idp):
    idp.edit(SHORT)
    code = code_for(idp)
    assert len(code) == 4
    idp.later(60)
    assert "60 seconds" in refused(redeem(idp, code), EXPIRED)


def test_auth0_passwordless__only_the_last_code_is_accepted(idp):
    first, second = code_for(idp), code_for(idp)
    assert "Only the last code" in refused(redeem(idp, first))
    assert redeem(idp, second).status_code == 200


def test_auth0_passwordless__ten_wrong_guesses_end_a_code(idp):
    code = code_for(idp)
    for _ in range(10):
        refused(redeem(idp, another(code)))
    assert "10 wrong guesses" in refused(redeem(idp, code), TOO_MANY)
    assert redeem(idp, code_for(idp)).status_code == 200


def test_a_connection_without_brute_force_protection_allows_any_number_of_guesses(idp):
    idp.edit(with_connection("email", options={"brute_force_protection": False}))
    code = code_for(idp)
    for _ in range(11):
        assert "of 10" not in refused(redeem(idp, another(code)))
    assert redeem(idp, code).status_code == 200


def test_a_code_is_for_the_client_that_requested_it(idp):
    code = code_for(idp)
    assert "requested by client web" in refused(redeem(idp, code, client_id="other"))


def test_a_blocked_user_is_refused(idp):
    code = code_for(idp, "blocked@acme.example", email="blocked@acme.example")
    answer = redeem(idp, code, username="blocked@acme.example")
    why = refused(answer, "user is blocked", status=401, error="unauthorized")
    assert "`blocked: true`" in why


def test_a_code_creates_no_user_after_sign_up_was_disabled(idp):
    code = code_for(idp)
    idp.edit(with_connection("email", options={"disable_signup": True}))
    refused(redeem(idp, code), "Public signup is disabled", error="access_denied")


@pytest.mark.parametrize(
    ("changed", "status", "error", "description"),
    [
        ({"username": None}, 400, "invalid_request", "Missing required parameter: username"),
        ({"otp": None}, 400, "invalid_request", "Missing required parameter: otp"),
        ({"realm": None}, 400, "invalid_request", "Missing required parameter: realm"),
        ({"realm": "nope"}, 400, "invalid_request", "Unknown realm nope."),
        ({"realm": "Username-Password-Authentication"}, 400, "invalid_request",
         "invalid connection specified for passwordless grant"),
        ({"audience": "https://nope.example/"}, 403, "access_denied",
         "Service not enabled within domain: https://nope.example/"),
    ],
)  # fmt: skip
def test_parameters_that_are_refused_use_up_no_code(idp, changed, status, error, description):
    code = code_for(idp)
    assert refused(redeem(idp, code, **changed), description, status=status, error=error)
    assert redeem(idp, code).status_code == 200


def test_the_client_needs_the_grant_type(idp):
    answer = redeem(idp, code_for(idp, client_id="plain"), client_id="plain")
    assert answer.status_code == 403
    assert answer.json["error"] == "unauthorized_client"
    assert "passwordless/otp" in hint(answer)


def test_the_journal_hides_the_code(idp):
    redeem(idp, code_for(idp))
    entry = idp.tenant.journal.last("token")
    assert entry.parameters["otp"] == "***"
    assert entry.user.startswith("email|")
    assert "passwordless_code" in [one.name for one in entry.trace]
