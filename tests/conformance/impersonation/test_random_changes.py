"""Random changes of links and requests: a link opens if Hawk accepts it, and is otherwise explained."""

import json
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from mockidp.protocol.impersonation.bewit import BewitError, read_bewit, split_target

pytestmark = pytest.mark.usefixtures("no_tracebacks")

ORIGIN = "http://localhost:9400"
CHARACTERS = st.sampled_from("&?=%|/#$;.+~:@\\ bewit2CcFf") | st.characters(
    min_codepoint=0x21, max_codepoint=0xFF
)
PARAMETERS = st.tuples(st.text(CHARACTERS, max_size=8), st.text(CHARACTERS, max_size=8))
PLACES = st.floats(0, 1)
CHANGES = st.lists(
    st.tuples(st.sampled_from(["insert", "replace"]), PLACES, CHARACTERS)
    | st.tuples(st.just("insert"), PLACES, PARAMETERS.map("&{0[0]}={0[1]}".format))
    | st.tuples(st.just("delete"), PLACES, st.just(""))
    | st.tuples(st.just("append"), PLACES, st.text(CHARACTERS, max_size=5000)),
    min_size=1,
    max_size=4,
)


def change(target, changes):
    for what, place, text in changes:
        at = int(place * len(target))
        if what == "append":
            target += text
        else:
            target = target[:at] + text + target[at + (what != "insert") :]
    return target


def means(target):
    """What Hawk makes of a target: the signed resource, and the parts of the bewit."""
    try:
        resource, bewit = split_target(target)
        return resource, read_bewit(bewit)
    except BewitError:
        return target


def get(app, target):
    path, _, query = target.partition("?")
    raw = {
        "REQUEST_URI": target,
        "RAW_URI": target,
        "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": "localhost:9400",
    }
    return Client(app).get("/", environ_overrides=raw)


@pytest.fixture(scope="module")
def lasting(make_client):
    return make_client()


@pytest.mark.one_process("nginx itself refuses many of these targets")
@settings(max_examples=400, deadline=None)
@given(changes=CHANGES)
@example(changes=[("insert", 1.0, "&next=/admin")])
@example(changes=[("append", 0.0, "&\u00a0\u00ff=\u00e9")])
@example(changes=[("append", 0.0, "&" + "%" * 3000)])
def test_a_changed_link_is_refused_with_a_reason(lasting, changes):
    link = lasting.link().removeprefix(ORIGIN)
    target = change(link, changes)
    answer = get(lasting.app, target)
    if means(target) == means(link):
        assert answer.status_code == 302
        return
    assert answer.status_code in (400, 401, 404)
    hint = answer.headers["Mockidp-Hint"]
    assert 0 < len(hint) <= 1000
    assert all(" " <= character <= "~" for character in hint)
    body = json.loads(answer.data)
    assert body["error"] in ("access_denied", "not_found", "not_implemented")
    if body["error"] == "access_denied":
        assert body["error_description"].startswith("Impersonation - ")
    assert get(lasting.app, link).status_code == 302


@settings(max_examples=100, deadline=None)
@given(
    state=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
        lambda s: "\0" not in s
    )
)
def test_any_state_is_returned_unchanged(lasting, callback_of, state):
    answer = get(lasting.app, lasting.link(state=state).removeprefix(ORIGIN))
    assert callback_of(answer)[1]["state"] == state


@settings(max_examples=100, deadline=None)
@given(
    body=st.dictionaries(
        st.sampled_from(
            ["protocol", "client_id", "impersonator_id", "additionalParameters", "ttl", "impersonator"]
        )
        | st.text(max_size=5),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
            | st.sampled_from(["oauth2", "web", "auth0|admin"]),
            lambda inner: st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["state", "scope", "callback_url", "response_type", "user_id"]),
                inner,
                max_size=3,
            ),
            max_leaves=6,
        ),
        max_size=6,
    )
)  # fmt: skip
def test_any_body_is_answered_in_the_endpoints_format(lasting, body):
    answer = lasting.request_link(json=body)
    assert answer.status_code in (200, 400, 404, 501)
    if answer.status_code == 200:
        assert answer.text.startswith(f"{ORIGIN}/users/auth0%7Calice/impersonate?&bewit=")
    else:
        assert answer.json["statusCode"] == answer.status_code
        assert answer.headers["Mockidp-Hint"]
