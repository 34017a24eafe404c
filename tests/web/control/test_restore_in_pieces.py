"""`PUT /snapshot` while it arrives: the same state, the same refusals, and all or nothing."""

import io
import json
from dataclasses import replace

import pytest
from werkzeug.test import Client as WsgiClient
from werkzeug.test import EnvironBuilder

from helpers.persisted_tenant import ACME
from helpers.repeating_backend import repeating_tenant
from mockidp.protocol import json_reader
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.tokens.artifacts import Consent
from mockidp.tenant.state.snapshot_data import snapshot_data
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app
from mockidp.web.control import operations
from mockidp.web.control.guard import MAX_STATE_IN_PIECES
from mockidp.web.request.exchange import Exchange
from mockidp.web.request.large_body import body_pieces

PATH = "/_mockidp/v1/snapshot"


@pytest.fixture
def state():
    tenant = Tenant(ACME)
    for number in range(300):
        user = f"auth0|{number}"
        consent = Consent(client_id="wéb", user_id=user, audience="", scope=("a", "b"))
        tenant.consents.put(user, consent, expires_at=2e9 + number)
    return snapshot_data(tenant.snapshot())


@pytest.fixture(params=[Tenant, repeating_tenant], ids=["memory", "shared"])
def tenant(request):
    return request.param(ACME)


def put(tenant, body, *, chunked=False, **more):
    client = WsgiClient(create_app(tenant))
    if chunked:
        more |= {
            "input_stream": io.BytesIO(body),
            "environ_overrides": {"wsgi.input_terminated": True},
        }
    else:
        more["data"] = body
    return client.put(
        PATH, base_url="http://localhost:9400", content_type="application/json", **more
    )


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("order", [list, reversed])
def test_a_state_is_restored_whatever_its_order_and_size(
    tenant, state, monkeypatch, chunked, order
):
    monkeypatch.setattr(json_reader, "_LEAST", 100)
    body = json.dumps(dict(order(state.items())), indent=1).encode()
    assert put(tenant, body, chunked=chunked).status_code == 204
    assert snapshot_data(tenant.snapshot()) == state


STORES = "/stores: expected sessions, logins, codes, "


def changed(state, **fields):
    return json.dumps(state | fields)


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda _: "", "the data: expected a mapping"),
        (lambda _: "[1]", "the data: expected a mapping"),
        (lambda _: "5", "the data: expected a mapping"),
        (lambda one: changed(one, stores=[]), "/stores: expected a mapping"),
        (lambda one: changed(one, stores={"codes": {}}), "/stores/codes: expected a list of mappings"),
        (lambda one: changed(one, stores={}), STORES),
        (lambda one: changed(one, stores=one["stores"] | {"x": []}), STORES),
        (lambda one: changed(one, stores={"x": 5}), "/stores/x: expected a list of mappings"),
        (lambda one: changed(one, stores=one["stores"] | {"codes": [1]}), "/stores/codes/0: expected a key and its entry"),
        (lambda one: changed(one, stores=one["stores"] | {"codes": [["a", {"value": {}, "expires_at": 1}]]}),
         "/stores/codes/0/1/value/client_id: expected a value: client_id is required"),
        (lambda _: json.dumps({"mockidp_snapshot": 1, "document": 5} | {"stores": 5}), "/mockidp_snapshot: found version 1 of the format, "),
        (lambda _: json.dumps({"a": 1}), "/mockidp_snapshot: expected version 2"),
        (lambda one: json.dumps({key: value for key, value in one.items() if key != "stores"}),
         "/stores: expected a value: stores is required"),
        (lambda one: json.dumps(one)[:-1], "The body is not JSON: Expecting ',' (character "),
        (lambda one: json.dumps(one)[:1000], "The body is not JSON: "),
        (lambda one: json.dumps(one) + "x", "The body is not JSON: Extra data (character "),
        (lambda one: json.dumps(one)[:-1] + ', "clock": 1}', "Parameter `clock` was sent more than once."),
    ],
)  # fmt: skip
def test_a_wrong_state_is_refused_and_changes_nothing(tenant, state, change, detail):
    before = snapshot_data(tenant.snapshot())
    answer = put(tenant, change(state).encode())
    assert answer.status_code == 400
    assert detail in answer.json["detail"]
    assert snapshot_data(tenant.snapshot()) == before


def test_another_content_type_is_refused(tenant):
    client = WsgiClient(create_app(tenant))
    answer = client.put(
        PATH, base_url="http://localhost:9400", data=b"{}", content_type="text/plain"
    )
    assert (answer.status_code, answer.json["detail"]) == (
        415, "The content type is text/plain. Send application/json.",
    )  # fmt: skip


def pieces_of(body, limit, **environ):
    """Read a body in pieces at a route with a limit."""
    route = replace(next(one for one in operations.ROUTES if one.path == PATH), max_body=limit)
    builder = EnvironBuilder(path=PATH, method="PUT", input_stream=io.BytesIO(body))
    made = builder.get_environ()
    made.pop("CONTENT_LENGTH", None)
    exchange = Exchange(Tenant(), made | environ, method="PUT", path=PATH, route=route)
    return b"".join(body_pieces(exchange))


TERMINATED = {"wsgi.input_terminated": True}


def test_a_body_of_the_limit_is_read():
    assert pieces_of(b"x" * 1000, 1000, CONTENT_LENGTH="1000") == b"x" * 1000
    assert pieces_of(b"x" * 1000, 1000, **TERMINATED) == b"x" * 1000


@pytest.mark.parametrize(
    "framing", [TERMINATED, {"CONTENT_LENGTH": "1001"}, {"CONTENT_LENGTH": "5000"}]
)
def test_a_body_that_is_too_large_is_refused(framing):
    with pytest.raises(InvalidRequest) as refused:
        pieces_of(b"x" * 1001, 1000, **framing)
    assert (refused.value.status, "more than 1000 bytes" in refused.value.hint) == (413, True)


def test_a_body_that_ends_too_early_is_refused():
    with pytest.raises(InvalidRequest) as refused:
        pieces_of(b"x" * 10, 1000, CONTENT_LENGTH="11")
    assert "The body ends too early" in refused.value.hint


def test_a_state_may_be_larger_than_any_other_body():
    limits = {one.max_body for one in operations.ROUTES if one.path == PATH}
    assert limits == {MAX_STATE_IN_PIECES}
