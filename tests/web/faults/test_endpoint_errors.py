"""Errors that only some endpoints have, and the texts of the newer grants."""

from urllib.parse import urlencode

import pytest

from helpers.acme import CALLBACK, DATABASE
from helpers.devices import PENDING, TOO_FAST
from helpers.passwordless import TENANT, redeem, start
from helpers.tenant_client import hint, sent_to_callback
from mockidp.codec.mistakes import ConfigError
from mockidp.faults.endpoint_errors import ENDPOINT_ERRORS
from mockidp.protocol.errors.error_codes import CODES

PASSWORDLESS = [code for code, one in ENDPOINT_ERRORS.items() if "passwordless_start" in one.places]


@pytest.fixture
def idp(make_idp):
    return make_idp(TENANT)


def sign_up(idp):
    body = {"client_id": "spa", "connection": DATABASE, "email": "new@acme.example"}
    return idp.post("/dbconnections/signup", json_body={**body, "password": "Passw0rd!"})


def open_link(idp, **more):
    query = {"client_id": "web", "response_type": "code", "redirect_uri": CALLBACK, "state": "s"}
    return idp.get(f"/passwordless/verify_redirect?{urlencode(query | more)}")


@pytest.mark.parametrize("code", PASSWORDLESS)
def test_every_error_of_a_passwordless_start(idp, code):
    active = idp.fault("passwordless_start", error=code, times=1)
    answer = start(idp)
    assert answer.status_code == 400
    assert answer.json == {
        "error": code,
        "error_description": ENDPOINT_ERRORS[code].description,
    }
    assert f"`passwordless_start: error {code}` (1 of 1) fired" in hint(answer)
    assert active.fired == 1
    assert len(idp.tenant.outbox) == 0
    assert start(idp).status_code == 200


def test_the_texts_are_those_of_the_endpoint_itself(idp):
    for changed, code in (
        ({"connection": "nope"}, "bad.connection"),
        ({"email": ""}, "bad.email"),
        ({"send": "mail"}, "bad.send"),
        ({"authParams": "x"}, "bad.authParams"),
        ({"type": "code"}, "bad.request"),
        ({"client_id": "", "client_secret": None}, "bad.client_id"),
        ({"connection": "sms", "phone_number": "0"}, "bad.phone_number"),
    ):
        real = start(idp, **changed).json
        with idp.fault("passwordless_start", error=code):
            assert start(idp).json == real


def test_an_error_of_oauth_is_possible_there_as_well(idp):
    with idp.fault("passwordless_start", error="unauthorized_client", status=403):
        answer = start(idp)
    assert (answer.status_code, answer.json["error"]) == (403, "unauthorized_client")


def test_an_opened_link_sends_the_error_to_the_callback(idp):
    idp.fault("passwordless_verify_redirect", error="unauthorized", description="Expired.")
    sent = sent_to_callback(open_link(idp))
    assert sent == {"error": "unauthorized", "error_description": "Expired.", "state": "s"}


def test_an_opened_link_shows_the_error_page_with_a_status(idp):
    idp.fault("passwordless_verify_redirect", error="bad.connection", status=418)
    answer = open_link(idp)
    assert answer.status_code == 418
    assert "bad.connection" in answer.text


def test_a_sign_up_is_refused_as_for_a_known_address(idp):
    idp.fault("signup", error="invalid_signup", times=1)
    assert sign_up(idp).json == {
        "name": "BadRequestError",
        "code": "invalid_signup",
        "description": "Invalid sign up",
        "statusCode": 400,
    }
    idp.fault("signup", error="user_exists", description="Taken.", times=1)
    assert sign_up(idp).json == {
        "code": "user_exists",
        "description": "Taken.",
        "name": "BadRequestError",
        "statusCode": 400,
    }
    assert sign_up(idp).status_code == 200


def test_a_sign_up_is_refused_as_for_a_weak_password(idp):
    with idp.fault("signup", error="invalid_password"):
        answer = sign_up(idp)
    assert answer.status_code == 400
    assert (answer.json["name"], answer.json["code"]) == (
        "PasswordStrengthError",
        "invalid_password",
    )
    assert answer.json["description"]["verified"] is False
    with idp.fault("signup", error="invalid_password", description="No.", status=422):
        answer = sign_up(idp)
    assert answer.status_code == 422
    assert answer.json["description"] == "No."


@pytest.mark.parametrize("code", ENDPOINT_ERRORS)
def test_an_error_of_another_endpoint_is_a_mistake(idp, code):
    with pytest.raises(ConfigError) as refused:
        idp.fault("token", error=code)
    assert f"found {code} at token, expected {code} at " in str(refused.value)
    assert code not in CODES


@pytest.mark.parametrize(
    ("code", "status", "description"),
    [
        ("blocked_user", 403, "Blocked user"),
        ("unsupported_credential_type", 400, "Unknown credential type parameter."),
    ],
)
def test_the_errors_of_a_cross_origin_login(idp, code, status, description):
    active = idp.fault("co_authenticate", error=code, when={"user": "alice"})
    body = {"client_id": "web", "username": "alice@acme.example", "realm": DATABASE}
    answer = idp.post("/co/authenticate", json_body=body)
    assert answer.status_code == status
    assert answer.json == {"error": code, "error_description": description}
    assert active.fired == 1


def test_the_answer_of_a_start_can_be_changed(idp):
    idp.fault("passwordless_start", set={"_id": "x"}, remove=["email"])
    assert start(idp).json == {"_id": "x", "email_verified": False}


@pytest.mark.parametrize(
    ("words", "status", "error", "description"),
    [
        ({"error": "invalid_grant"}, 403, "invalid_grant", "Wrong email or verification code."),
        ({"refuse": "otp_expired"}, 403, "invalid_grant",
         "The verification code has expired. Please try to login again."),
        ({"refuse": "user_blocked"}, 401, "unauthorized", "user is blocked"),
    ],
)  # fmt: skip
def test_the_passwordless_grant_has_its_own_texts(idp, words, status, error, description):
    idp.fault("token", **words)
    answer = redeem(idp, "0")
    assert answer.status_code == status
    assert answer.json == {"error": error, "error_description": description}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("authorization_pending", PENDING),
        ("slow_down", TOO_FAST),
        ("expired_token", {"error": "expired_token", "error_description": "The device code has expired."}),
        ("invalid_grant", {"error": "invalid_grant", "error_description": "Invalid or expired device code."}),
        ("access_denied", {"error": "access_denied", "error_description": "User cancelled the confirmation prompt."}),
    ],
)  # fmt: skip
def test_the_device_grant_has_its_own_texts(idp, code, expected):
    idp.fault("token", error=code)
    answer = idp.token(grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code="x")
    assert answer.json == expected
