"""The response types: what each returns, in which mode, and which grant types it needs."""

import hashlib
from base64 import urlsafe_b64encode
from itertools import permutations
from urllib.parse import parse_qsl

import pytest
from acme import CALLBACK
from tenant_client import Fields, WebMessage, hint

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


def half_hash(text):
    """Compute at_hash and c_hash as OpenID Connect Core 3.3.2.11 defines them."""
    digest = hashlib.sha256(text.encode()).digest()
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


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


@pytest.mark.parametrize("response_type", [one for one in RESPONSE_TYPES if one != "code"])
def test_oauth_multiple_response_types_3__tokens_never_travel_in_the_query(idp, response_type):
    reply = answer(idp, response_type=response_type, response_mode="query")
    assert fragment(reply) == {
        "error": "invalid_request",
        "error_description": "Unsupported response mode: query",
        "state": "s1",
    }
    assert "tokens must not appear in a query string" in hint(reply)
