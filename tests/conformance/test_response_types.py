"""The response types: what each returns, in which mode, and which grant types it needs."""

from itertools import permutations
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.acme import ACME, CALLBACK, with_client
from helpers.tenant_client import Fields, TenantClient, WebMessage, hint
from mockidp.protocol.oauth.grant_types import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, IMPLICIT

RESPONSE_TYPES = {
    "code": ["code", "state"],
    "token": ["access_token", "scope", "expires_in", "token_type", "state"],
    "id_token": ["state", "id_token"],
    "code token": ["access_token", "scope", "expires_in", "token_type", "code", "state"],
    "code id_token": ["code", "state", "id_token"],
    "token id_token": [
        "access_token", "scope", "expires_in", "token_type", "state", "id_token",
    ],
    "code token id_token": [
        "access_token", "scope", "expires_in", "token_type", "code", "state", "id_token",
    ],
}  # fmt: skip
ORDERS = [
    (" ".join(words), expected)
    for known, expected in RESPONSE_TYPES.items()
    for words in permutations(known.split())
]


def answer(idp, user="alice", **parameters):
    """Log in with the client `hybrid`; return the last answer."""
    defaults = {"client_id": "hybrid", "nonce": "n-1"}
    begun = idp.follow(idp.authorize(**defaults | parameters))
    is_login = begun.status_code == 302 and begun.location.startswith("/u/login")
    return idp.log_in(begun.location, user) if is_login else begun


def fragment(reply):
    assert reply.status_code == 302, reply.text
    assert reply.location.startswith(CALLBACK + "#"), reply.location
    return dict(parse_qsl(reply.location.partition("#")[2], keep_blank_values=True))


def values_of(reply, mode):
    """Return what an answer carries, however it travels."""
    if mode == "form_post":
        assert Fields(reply.text).action == CALLBACK
        return Fields(reply.text).values
    if mode == "web_message":
        return WebMessage(reply).response
    mark = {"query": "?", "fragment": "#"}[mode]
    assert reply.location.startswith(CALLBACK + mark), reply.location
    return dict(parse_qsl(reply.location.partition(mark)[2], keep_blank_values=True))


@pytest.mark.parametrize(("response_type", "names"), ORDERS)
def test_oauth_multiple_response_types_5__every_type_returns_its_parts(idp, response_type, names):
    mode = "query" if response_type == "code" else "fragment"
    values = values_of(answer(idp, response_type=response_type), mode)
    assert list(values) == names
    assert values["state"] == "s1"


@pytest.mark.parametrize("mode", ["fragment", "form_post", "web_message"])
@pytest.mark.parametrize(("response_type", "names"), RESPONSE_TYPES.items())
def test_oauth_multiple_response_types_2_1__every_type_in_every_mode(
    idp, response_type, names, mode
):
    reply = answer(idp, response_type=response_type, response_mode=mode, state="</script>'\"&")
    values = values_of(reply, mode)
    assert list(values) == names
    assert values["state"] == "</script>'\"&"
    if "code" in values:
        assert idp.redeem(values["code"], client_id="hybrid").status_code == 200


@pytest.fixture(scope="module")
def own_idp():
    return TenantClient()


@settings(deadline=None)
@given(
    state=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])).filter(bool)
)
def test_oauth_form_post_2__any_state_arrives_in_the_form(own_idp, state):
    reply = own_idp.authorize(response_mode="form_post", prompt="none", state=state)
    form = Fields(reply.text)
    assert form.action == CALLBACK
    assert list(form.values) == ["error", "error_description", "state"]
    assert form.values["state"] == state
    assert reply.text.count("<script") == 1


@pytest.mark.parametrize("response_type", [one for one in RESPONSE_TYPES if one != "code"])
def test_oauth_multiple_response_types_3__tokens_never_travel_in_the_query(idp, response_type):
    reply = answer(idp, response_type=response_type, response_mode="query")
    assert fragment(reply) == {
        "error": "invalid_request",
        "error_description": "Unsupported response mode: query",
        "state": "s1",
    }
    assert "tokens must not appear in a query string" in hint(reply)


GRANTS = [
    ("token", [IMPLICIT]),
    ("id_token", [IMPLICIT]),
    ("token id_token", [IMPLICIT]),
    ("code", [AUTHORIZATION_CODE]),
    ("code token", [AUTHORIZATION_CODE, IMPLICIT]),
    ("id_token code", [AUTHORIZATION_CODE, IMPLICIT]),
    ("code token id_token", [AUTHORIZATION_CODE, IMPLICIT]),
]


@pytest.mark.parametrize(("response_type", "needed"), GRANTS)
def test_auth0_authorize__the_grant_types_of_the_client_decide(response_type, needed):
    idp = TenantClient(with_client(ACME, "hybrid", grant_types=tuple(needed)))
    assert idp.authorize(
        client_id="hybrid", response_type=response_type, nonce="n"
    ).location.startswith("/u/login")
    for lacking in needed:
        grant_types = (*(one for one in needed if one != lacking), CLIENT_CREDENTIALS)
        idp = TenantClient(with_client(ACME, "hybrid", grant_types=grant_types))
        refused = idp.authorize(client_id="hybrid", response_type=response_type, nonce="n")
        mode = "query" if response_type == "code" else "fragment"
        assert values_of(refused, mode) == {
            "error": "unauthorized_client",
            "error_description": f"Grant type '{lacking}' not allowed for the client.",
            "state": "s1",
        }
        assert f"Add {lacking}, which response type" in hint(refused)


@pytest.mark.parametrize("response_type", [one for one in RESPONSE_TYPES if "id_token" in one])
@pytest.mark.parametrize("nonce", [None, ""])
def test_oidc_core_3_2_2_1__an_id_token_needs_a_nonce(idp, response_type, nonce):
    reply = idp.authorize(client_id="hybrid", response_type=response_type, nonce=nonce)
    assert fragment(reply) == {
        "error": "invalid_request",
        "error_description": "Missing required parameter: nonce",
        "state": "s1",
    }
    assert "compare it with the token's claim" in hint(reply)


@pytest.mark.parametrize("response_type", ["code", "token", "code token"])
def test_oidc_core_3_2_2_1__without_an_id_token_no_nonce_is_needed(idp, response_type):
    reply = idp.authorize(client_id="hybrid", response_type=response_type)
    assert reply.location.startswith("/u/login")


@pytest.mark.parametrize("mode", ["fragment", "form_post", "web_message"])
@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"response_type": "magic"}, "unsupported_response_type"),
        ({"response_type": "token magic"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"audience": "https://no.example/"}, "access_denied"),
    ],
)
def test_oauth_multiple_response_types_2_1__errors_use_the_response_mode_of_successes(
    idp, mode, parameters, error
):
    defaults = {"client_id": "hybrid", "response_type": "id_token", "nonce": "n"}
    reply = idp.authorize(**defaults | {"response_mode": mode} | parameters)
    values = values_of(reply, mode)
    assert list(values) == ["error", "error_description", "state"]
    assert (values["error"], values["state"]) == (error, "s1")


@pytest.mark.parametrize(
    ("response_type", "mode"), [("magic", "query"), ("token magic", "fragment"), (None, "query")]
)
def test_oauth_multiple_response_types_5__an_unknown_type_is_answered_in_its_default_mode(
    idp, response_type, mode
):
    reply = idp.authorize(client_id="hybrid", response_type=response_type)
    assert values_of(reply, mode)["state"] == "s1"


@pytest.mark.parametrize("mode", ["smoke", "fragment.jwt", "Fragment"])
def test_oauth_multiple_response_types_2_1__an_unknown_mode_is_refused_in_the_default_mode(
    idp, mode
):
    reply = idp.authorize(client_id="hybrid", response_type="token", response_mode=mode)
    assert fragment(reply)["error_description"] == f"Unsupported response mode: {mode}"
    assert hint(reply) == (
        f"Parameter `response_mode` is {mode!r}. Use one of query, fragment, form_post, web_message."
    )


@pytest.mark.parametrize("mode", ["fragment", "form_post", "web_message"])
def test_rfc6749_4_1_2_1__a_canceled_login_is_answered_in_the_same_mode(idp, mode):
    begun = idp.authorize(
        client_id="hybrid", response_type="token", response_mode=mode, prompt="login"
    )
    values = values_of(idp.submit(begun.location, action="deny"), mode)
    assert (values["error"], values["state"]) == ("access_denied", "s1")


@pytest.mark.parametrize("mode", ["fragment", "form_post", "web_message"])
def test_auth0_authorize__a_blocked_user_is_refused_in_the_same_mode(idp, mode):
    reply = answer(idp, "blocked", response_type="token", response_mode=mode)
    assert values_of(reply, mode) == {
        "error": "unauthorized",
        "error_description": "user is blocked",
        "state": "s1",
    }


def test_rfc6749_3_1__a_parameter_that_is_not_a_string_is_named_if_the_request_was_json(idp):
    body = {"client_id": "hybrid", "response_type": ["token"], "redirect_uri": CALLBACK}
    reply = idp.post("/authorize", json_body=body)
    assert values_of(reply, "query")["error_description"] == (
        "Parameter 'response_type' must be a string"
    )
