"""`GET /snapshot` in pieces: the same JSON, of one moment, and no second copy of the state."""

import json
from dataclasses import replace

import pytest
from werkzeug.test import Client as WsgiClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from helpers.persisted_tenant import ACME
from helpers.repeating_backend import repeating_tenant
from mockidp.errors import MockIdPError
from mockidp.protocol.tokens.artifacts import Consent
from mockidp.resources.user import User
from mockidp.tenant.state import snapshot_data
from mockidp.tenant.state.snapshot_data import snapshot_from
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

PATH = "/_mockidp/v1/snapshot"
COUNT = 3000


@pytest.fixture(params=[Tenant, repeating_tenant], ids=["memory", "shared"])
def tenant(request):
    """A tenant with many users and consents."""
    users = [User(user_id=f"auth0|{n}", email=f"u{n}@acme.example") for n in range(COUNT)]
    tenant = request.param(replace(ACME, users=(*ACME.users, *users)))
    for number in range(COUNT):
        add(tenant, f"auth0|{number}")
    return tenant


def add(tenant, user_id):
    consent = Consent(client_id="web", user_id=user_id, audience="ü", scope=("openid",))
    tenant.consents.put(user_id, consent)


@pytest.fixture
def encoded(monkeypatch):
    """The entries that have been encoded so far."""
    entries = []
    encode = snapshot_data._entry_data

    def counting(entry):
        entries.append(entry)
        return encode(entry)

    monkeypatch.setattr(snapshot_data, "_entry_data", counting)
    return entries


def open_body(tenant):
    environ = EnvironBuilder(path=PATH, base_url="http://localhost:9400").get_environ()
    pieces, status, headers = run_wsgi_app(create_app(tenant), environ)
    assert (status, headers["Content-Type"]) == ("200 OK", "application/json")
    assert "Content-Length" not in headers
    return iter(pieces)


def test_the_first_piece_is_sent_before_the_last_entry_is_encoded(tenant, encoded):
    pieces = open_body(tenant)
    next(pieces)
    assert encoded == []
    assert sum(1 for _ in pieces) > 5
    assert len(encoded) == COUNT


def test_the_state_is_that_of_the_moment_of_the_request(tenant):
    at_once = snapshot_data.snapshot_data(tenant.snapshot())
    pieces = open_body(tenant)
    first = next(pieces)
    add(tenant, "auth0|late")
    tenant.consents.delete("auth0|2999")
    body = first + b"".join(pieces)
    assert body == json.dumps(at_once, separators=(",", ":"), ensure_ascii=False).encode()
    assert snapshot_from(json.loads(body)).stores["consents"][-1][0] == "auth0|2999"


def test_a_restored_state_is_the_same(tenant):
    body = b"".join(open_body(tenant))
    other = Tenant()
    other.restore(snapshot_from(json.loads(body)))
    assert b"".join(open_body(other)) == body


def test_head_encodes_nothing(tenant, encoded):
    answer = WsgiClient(create_app(tenant)).head(PATH, base_url="http://localhost:9400")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert (answer.data, encoded) == (b"", [])


def test_an_error_before_the_first_piece_is_a_problem(tenant, monkeypatch):
    def refuse():
        raise MockIdPError("no state")

    monkeypatch.setattr(tenant, "snapshot", refuse)
    answer = WsgiClient(create_app(tenant)).get(PATH, base_url="http://localhost:9400")
    assert (answer.status_code, answer.json["detail"]) == (400, "no state")


def test_the_download_of_the_console_is_the_same_state_in_pieces(tenant, encoded):
    client = WsgiClient(create_app(tenant))
    answer = client.get("/_mockidp/download/snapshot", base_url="http://localhost:9400")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="snapshot.json"'
    assert encoded == []
    assert answer.data == b"".join(open_body(tenant))
