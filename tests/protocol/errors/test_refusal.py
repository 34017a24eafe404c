"""Refusals in Auth0's two formats: by status, and by code."""

from http import HTTPStatus

import pytest

from mockidp.faults.endpoint_errors import ENDPOINT_ERRORS
from mockidp.protocol.errors import extension_error, oauth_error
from mockidp.protocol.errors.error_codes import CODES
from mockidp.protocol.errors.oauth_error import OAuthError
from mockidp.protocol.errors.refusal import ApiRefusal

# RFC 9110 15.5 and 15.6, but for 413, which keeps the phrase that APIs on hapi send.
PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
}


@pytest.mark.parametrize(("status", "phrase"), PHRASES.items())
def test_an_api_refusal_has_the_phrase_of_its_status(status, phrase):
    body = {"statusCode": status, "error": phrase, "message": "Why."}
    assert ApiRefusal(status, "Why.").body() == body
    assert ApiRefusal(status, "Why.").error == phrase


def test_every_error_status_makes_an_api_refusal():
    statuses = [status for status in HTTPStatus if status >= 400]
    assert all(ApiRefusal(status, "Why.").body()["error"] for status in statuses)


def test_an_error_code_comes_last_and_is_logged():
    refusal = ApiRefusal(400, "Why.", error_code="invalid_body")
    assert list(refusal.body()) == ["statusCode", "error", "message", "errorCode"]
    assert refusal.error == "invalid_body"


def test_faults_can_use_every_oauth_error_but_those_of_the_mock_itself():
    own = {"not_implemented", "invalid_dpop_proof", "not_found"}
    defined = {
        error.code
        for error in OAuthError.__subclasses__()
        if error.__module__ in (oauth_error.__name__, extension_error.__name__)
    }
    assert defined - set(CODES) - set(ENDPOINT_ERRORS) == own
