"""Refused requests for links: the format of the Management API, and the hint."""

from dataclasses import replace

import pytest

from mockidp.tenant.content.tenant_settings import TenantFlags

ORIGIN = "http://localhost:9400"
CALLBACK = "http://localhost:3000/callback"
ASK = f"{ORIGIN}/users/auth0%7Calice/impersonate"
BODY = {"protocol": "oauth2", "impersonator_id": "auth0|admin", "client_id": "web"}


def refused(answer, status, message, code="invalid_body"):
    phrase = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 413: "Payload Too Large"}
    expected = {"statusCode": status, "error": phrase[status], "message": message}
    if code:
        expected["errorCode"] = code
    assert answer.status_code == status
    assert answer.json == expected
    assert answer.headers["Mockidp-Hint"]
    return answer.headers["Mockidp-Hint"]


def test_a_form_with_both_notations_of_a_parameter_is_refused(http):
    form = BODY | {"additionalParameters": "x", "additionalParameters[state]": "S"}
    headers = {"Authorization": f"Bearer {http.token}"}
    answer = http.send("POST", ASK, data=form, headers=headers)
    hint = refused(answer, 400, "Invalid type: additionalParameters")
    assert hint == "Property `additionalParameters` is a str instead of an object."


def test_two_tokens_are_refused(http):
    token = http.token
    headers = {"Authorization": f"Bearer {token}"}
    answer = http.send("POST", f"{ASK}?access_token={token}", json=BODY, headers=headers)
    refused(answer, 400, "Multiple access tokens")


@pytest.mark.parametrize("ttl", [0, -1, 2592001, 10**400, 1.5, True, "-1", "1e3", "x", [], "²"])
def test_an_invalid_lifetime_is_refused(http, ttl):
    hint = refused(http.request_link(json={"ttl": ttl}), 400, "Invalid ttl")
    assert "Send 1 to 2592000 seconds." in hint


@pytest.mark.parametrize("name", ["protocol", "impersonator_id", "client_id"])
@pytest.mark.parametrize("value", ["", None])
def test_a_missing_required_property_is_refused(http, name, value):
    hint = refused(http.request_link(json={name: value}), 400, f"Missing required property: {name}")
    assert hint == f"Property `{name}` is absent or empty in the body."


@pytest.mark.parametrize("value", [5, ["x"], {"a": 1}, True])
@pytest.mark.parametrize("name", ["protocol", "impersonator_id", "client_id"])
def test_a_property_of_another_type_is_refused(http, name, value):
    refused(http.request_link(json={name: value}), 400, f"Invalid type: {name}")


@pytest.mark.parametrize("value", [5, ["x"], "x", True])
@pytest.mark.parametrize("name", ["additionalParameters", "impersonator"])
def test_a_value_other_than_an_object_is_refused(http, name, value):
    refused(http.request_link(json={name: value}), 400, f"Invalid type: {name}")


@pytest.mark.parametrize("value", [5, {"a": 1}])
@pytest.mark.parametrize("name", ["state", "scope", "callback_url", "response_type", "audience"])
def test_a_parameter_that_is_not_a_string_is_refused(http, name, value):
    refused(http.request_link(**{name: value}), 400, f"Invalid type: {name}")


def test_half_a_surrogate_pair_is_refused(http):
    assert http.request_link(state="\ud800").status_code == 400


def test_an_unknown_protocol_is_refused(http):
    hint = refused(
        http.request_link(json={"protocol": "oauth3"}), 400, "Unsupported protocol: oauth3"
    )
    assert "oauth2, samlp, wsfed, wsfed-rms, wstrust-usernamemixed" in hint


@pytest.mark.parametrize("protocol", ["samlp", "wsfed", "wsfed-rms", "wstrust-usernamemixed"])
def test_an_unsupported_protocol_is_501(http, protocol):
    answer = http.request_link(json={"protocol": protocol})
    assert answer.status_code == 501
    assert answer.json["error"] == "Not Implemented"
    assert protocol in answer.json["message"]


def test_an_unknown_response_type_is_refused(http):
    hint = refused(
        http.request_link(response_type="id_token"), 400, "Unsupported response type: id_token"
    )
    assert "Send one of code, token, token id_token." in hint


@pytest.mark.parametrize("user", ["auth0%7Cnobody", "%FF", "a/b", "alice"])
def test_an_unknown_user_is_refused(http, user):
    answer = http.request_link(user=user)
    hint = refused(answer, 404, "The user does not exist.", "inexistent_user")
    assert "auth0|alice" in hint


def test_an_unknown_impersonator_is_refused(http):
    answer = http.request_link(json={"impersonator_id": "auth0|eve"})
    hint = refused(answer, 404, "The user does not exist.", "inexistent_user")
    assert hint.startswith(
        "This tenant has no user 'auth0|eve', which was sent as `impersonator_id`. Known users: auth0|"
    )
    assert "Did you mean" not in hint


def test_a_misspelt_impersonator_is_refused_with_the_user_that_was_meant(http):
    for sent in ("auth0|admni", "admni"):
        answer = http.request_link(json={"impersonator_id": sent})
        hint = refused(answer, 404, "The user does not exist.", "inexistent_user")
        assert hint.endswith(" Did you mean auth0|admin?")


def test_an_unknown_client_is_refused(http):
    answer = http.request_link(json={"client_id": "wob"})
    hint = refused(answer, 404, "The client does not exist", "inexistent_client")
    assert "'wob'" in hint


def test_a_connection_that_is_not_enabled_is_refused(http):
    answer = http.request_link(user="auth0%7Cpartner")
    hint = refused(answer, 400, "The connection is not enabled for the client.")
    assert "Connection Partners of user auth0|partner is not enabled for client web" in hint
    assert http.request_link(user="auth0%7Cpartner", json={"client_id": "bare"}).status_code == 400


def test_a_callback_that_is_not_registered_is_refused(http):
    wanted = "http://localhost:3001/callback"
    message = f"Callback URL mismatch. {wanted} is not in the list of allowed callback URLs"
    hint = refused(http.request_link(callback_url=wanted), 400, message)
    assert "host or port" in hint


def test_a_client_without_callbacks_is_refused(http):
    answer = http.request_link(json={"client_id": "bare"})
    hint = refused(answer, 400, "The client has no callback URL.")
    assert "client bare has no callback" in hint


def test_a_setting_turns_the_feature_off(serve):
    http = serve(enabled=False)
    answer = http.request_link()
    hint = refused(answer, 403, "Impersonation is not enabled for this tenant.", code="")
    assert hint == "Setting `impersonation.enabled` is false."


def test_the_tenants_flag_turns_the_feature_off(http):
    document = http.tenant.document
    flags = TenantFlags(disable_impersonation=True)
    http.tenant.change(replace(document, tenant=replace(document.tenant, flags=flags)))
    hint = refused(
        http.request_link(), 403, "Impersonation is not enabled for this tenant.", code=""
    )
    assert hint.startswith("Flag `tenant.flags.disable_impersonation` is true. Set it to false")


def test_the_setting_overrides_the_tenants_flag(serve):
    http = serve(enabled=True)
    flags = TenantFlags(disable_impersonation=True)
    document = http.tenant.document
    http.tenant.change(replace(document, tenant=replace(document.tenant, flags=flags)))
    assert http.request_link().status_code == 200


def test_an_unknown_audience_is_refused_if_audiences_are_honored(serve, http):
    unknown = "https://api.acme.example"
    assert http.request_link(audience=unknown).status_code == 200
    answer = serve(honour_audience=True).request_link(audience=unknown)
    hint = refused(answer, 400, f"Service not found: {unknown}")
    assert "Check the trailing slash." in hint


@pytest.mark.parametrize("key_id", ["a\\b", "クライアント"])
def test_a_key_id_that_a_bewit_cannot_have_is_refused(serve, key_id):
    hint = refused(
        serve(key_id=key_id).request_link(), 400, "Impersonation is not available.", code=""
    )
    assert "impersonation.key_id" in hint


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"data": b"{", "content_type": "application/json"}, "Invalid JSON"),
        ({"data": b"[]", "content_type": "application/json"}, "Invalid JSON"),
        ({"data": b"x", "content_type": "text/plain"}, "Unsupported content type: text/plain"),
        ({"data": b"a=1&a=2", "content_type": "application/x-www-form-urlencoded"}, "Duplicate parameter: a"),
        ({"data": b'{"state":"\\u0000"}', "content_type": "application/json"}, "Parameters must not contain NUL"),
        ({}, "Missing required property: protocol"),
    ],
)  # fmt: skip
def test_a_malformed_body_is_refused_in_the_endpoints_format(http, sent, message):
    headers = {"Authorization": f"Bearer {http.token}"}
    refused(http.send("POST", ASK, headers=headers, **sent), 400, message)


def test_a_huge_body_is_refused_in_the_endpoints_format(http):
    headers = {"Authorization": f"Bearer {http.token}"}
    answer = http.send("POST", ASK, json={"x": "x" * 70_000}, headers=headers)
    refused(answer, 413, "Request Entity Too Large", code="")


def test_a_nested_nul_in_a_body_is_refused(http):
    refused(
        http.request_link(json={"additionalParameters": ["\0"]}),
        400,
        "Invalid type: additionalParameters",
    )
