"""Errors of /authorize: on a page while the callback is unknown, then at the callback."""

import pytest

from helpers.acme import ACME, CALLBACK, with_settings, with_tenant
from helpers.tenant_client import TenantClient, hint, sent_to_callback

NEVER_CACHED = (
    "private, no-store, no-cache, must-revalidate, post-check=0, pre-check=0, no-transform"
)


def shown(answer):
    """Return the technical details of the error page."""
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == NEVER_CACHED
    return answer.text.partition('<p class="error-status">')[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("parameters", "status", "text", "cause"),
    [
        (
            {"client_id": None},
            400,
            "<strong>invalid_request</strong>: Missing required parameter: client_id",
            "not sent",
        ),
        (
            {"client_id": "nobody"},
            400,
            "<strong>invalid_request</strong>: Unknown client: nobody",
            "Known clients: web, other",
        ),
        (
            {"redirect_uri": "http://localhost:3001/callback"},
            403,
            (
                "<strong>unauthorized_client</strong>: Callback URL mismatch. "
                "http://localhost:3001/callback is not in the list of allowed callback URLs"
            ),
            "differs from http://localhost:3000/callback in its host or port",
        ),
        (
            {"client_id": "no-callback", "redirect_uri": None},
            400,
            "<strong>invalid_request</strong>: Missing required parameter: redirect_uri",
            "no callback without a wildcard",
        ),
    ],
)
def test_auth0_authorize__without_a_valid_callback_the_error_is_a_page(
    idp, parameters, status, text, cause
):
    answer = idp.authorize(**parameters)
    assert answer.status_code == status
    assert shown(answer) == text
    assert cause in hint(answer)
    assert "Location" not in answer.headers


def test_auth0_authorize__the_page_has_the_request_id_to_track(idp):
    answer = idp.authorize(client_id="nobody")
    assert f"<code>{answer.headers['X-Auth0-RequestId']}</code>" in answer.text


def test_auth0_authorize__the_status_for_an_unknown_client_is_a_setting():
    idp = TenantClient(with_settings(unknown_client_status=403))
    assert idp.authorize(client_id="nobody").status_code == 403


@pytest.mark.parametrize(
    "redirect_uri",
    [
        CALLBACK + "/",
        CALLBACK + "?x=1",
        CALLBACK + "#x",
        "http://127.0.0.1:3000/callback",
        "https://localhost:3000/callback",
        "HTTP://localhost:3000/callback",
        "http://localhost:3000/callback/../evil",
        "http://localhost:3000@evil.example/callback",
        CALLBACK + "\n",
        "http://[",
        "javascript:alert(1)",
        "//evil.example",
    ],
)
def test_rfc9700_2_1__a_redirect_uri_matches_exactly(idp, redirect_uri):
    answer = idp.authorize(redirect_uri=redirect_uri)
    assert answer.status_code == 403
    assert "Callback URL mismatch." in answer.text
    assert hint(answer)


def test_auth0_authorize__a_text_in_the_page_is_escaped(idp):
    answer = idp.authorize(client_id='<img src=x onerror="alert(1)">')
    assert "<img" not in answer.text
    assert "&lt;img" in answer.text


@pytest.mark.parametrize(
    ("parameters", "error", "description"),
    [
        ({"response_type": None}, "invalid_request", "Missing required parameter: response_type"),
        ({"response_type": ""}, "invalid_request", "Missing required parameter: response_type"),
        (
            {"response_type": "magic"},
            "unsupported_response_type",
            "Unsupported response type: magic",
        ),
        (
            {"response_type": "code code"},
            "unsupported_response_type",
            "Unsupported response type: code code",
        ),
        ({"response_mode": "smoke"}, "invalid_request", "Unsupported response mode: smoke"),
        ({"prompt": "none"}, "login_required", "Login required"),
        ({"prompt": "nothing"}, "invalid_request", "Invalid prompt: nothing"),
        ({"prompt": "none login"}, "invalid_request", "Invalid prompt: none login"),
        ({"max_age": "-1"}, "invalid_request", "Invalid max_age"),
        ({"max_age": "soon"}, "invalid_request", "Invalid max_age"),
        ({"max_age": "٣"}, "invalid_request", "Invalid max_age"),
        ({"max_age": "9" * 400}, "invalid_request", "Invalid max_age"),
        (
            {"audience": "https://no.example/"},
            "access_denied",
            "Service not found: https://no.example/",
        ),
        ({"connection": "nowhere"}, "invalid_request", "the connection was not found"),
        (
            {"client_id": "other", "connection": "staff"},
            "invalid_request",
            "no connections enabled for the client",
        ),
        (
            {"client_id": "no-code"},
            "unauthorized_client",
            "Grant type 'authorization_code' not allowed for the client.",
        ),
        (
            {"audience": "https://closed.example/"},
            "invalid_request",
            (
                'Client "web" is not authorized to access resource server "https://closed.example/". '
                'You need to create a "client-grant" associated to this API.'
            ),
        ),
        (
            {"client_id": "other", "audience": "https://granted.example/"},
            "invalid_request",
            (
                'Client "other" is not authorized to access resource server '
                '"https://granted.example/". You need to create a "client-grant" associated to this API.'
            ),
        ),
    ],
)
def test_rfc6749_4_1_2_1__other_errors_go_to_the_callback(idp, parameters, error, description):
    answer = idp.authorize(**parameters)
    sent = sent_to_callback(answer)
    assert list(sent.items()) == [
        ("error", error),
        ("error_description", description),
        ("state", "s1"),
    ]
    assert hint(answer)
    assert answer.headers["Cache-Control"] == NEVER_CACHED
    assert answer.text == f"Found. Redirecting to {answer.location}"


def test_rfc6749_4_1_2_1__an_error_has_no_state_if_none_was_sent(idp):
    assert "state" not in sent_to_callback(idp.authorize(prompt="none", state=None))


def test_auth0_authorize__a_client_with_a_user_grant_is_accepted(idp):
    answer = idp.authorize(audience="https://granted.example/")
    assert answer.location.startswith("/u/login?state=")


def test_auth0_authorize__the_hint_lists_the_response_types(idp):
    assert hint(idp.authorize(response_type="magic")) == (
        "Parameter `response_type` is 'magic'. Use one of code, token, id_token, code token, "
        "code id_token, token id_token, code token id_token."
    )


def test_auth0_authorize__a_missing_slash_at_the_end_of_an_audience_causes_a_hint(idp):
    assert "API https://api.example/ exists. Check the trailing slash." in hint(
        idp.authorize(audience="https://api.example")
    )
    assert "Check the trailing slash" not in hint(idp.authorize(audience="https://other.example/"))


def test_auth0_authorize__errors_have_no_iss(idp):
    assert "iss" not in sent_to_callback(idp.authorize(prompt="none"))


@pytest.mark.parametrize(("length", "status"), [(42, None), (43, 302), (128, 302), (129, None)])
def test_rfc7636_4_2__a_code_challenge_has_43_to_128_characters(idp, length, status):
    answer = idp.authorize(code_challenge="c" * length, code_challenge_method="S256")
    if status:
        assert answer.location.startswith("/u/login")
    else:
        assert sent_to_callback(answer) == {
            "error": "invalid_request",
            "error_description": "Parameter 'code_challenge' must be between 43 and 128 "
            "characters long",
            "state": "s1",
        }


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"code_challenge_method": "S256"}, "Missing required parameter: code_challenge"),
        (
            {"code_challenge": "c" * 43, "code_challenge_method": "S512"},
            "Unsupported code_challenge_method: S512",
        ),
    ],
)
def test_rfc7636_4_4_1__a_method_needs_a_challenge_and_must_be_known(idp, parameters, description):
    sent = sent_to_callback(idp.authorize(**parameters))
    assert (sent["error"], sent["error_description"]) == ("invalid_request", description)


def test_auth0_authorize__an_unknown_default_audience_is_refused():
    idp = TenantClient(with_tenant(ACME, default_audience="https://gone.example/"))
    sent = sent_to_callback(idp.authorize())
    assert sent["error_description"] == "Service not found: https://gone.example/"


@pytest.mark.parametrize("path", ["/authorize", "/u/login", "/authorize/resume", "/v2/logout"])
def test_auth0_authorize__a_url_that_is_too_long_is_414_on_a_page(idp, path):
    answer = idp.get(path, client_id="web", state="x" * 16_001)
    assert answer.status_code == 414
    assert shown(answer) == "<strong>invalid_request</strong>: Request-URI Too Large"
