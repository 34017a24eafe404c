"""`mockidp export` and `mockidp import`: a state goes from one mock to another."""

import json
from dataclasses import replace

import pytest
from outcome import accepted, refused
from tenant_client import TenantClient

from mockidp.flows.testing.mint import mint_access_token
from mockidp.server import Server, parse_address
from mockidp.tenant.sign_ins import SignIn
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

CAP = 10_000
"""Entries that a store holds."""
HERE = parse_address("127.0.0.1:0")


@pytest.fixture(autouse=True)
def _files(folder, url, monkeypatch):
    """The mock of the environment, and files for who sends some."""
    monkeypatch.setenv("MOCKIDP_URL", url)
    (folder / "state.json").write_text("{}")


def test_a_state_goes_from_one_mock_to_another(mockidp, folder, url, tenant):
    tenant.clock.freeze("2030-01-01T00:00:00Z")
    tenant.rotate_keys()
    exported = accepted(mockidp("export"))
    other = Tenant()
    with Server(create_app(other), listen=[HERE]) as server:
        assert accepted(mockidp("import", "-", "--url", server.url, stdin=exported.encode())) == ""
        assert other.directory.document.users == tenant.directory.document.users
        assert other.keys.jwks_json == tenant.keys.jwks_json
        assert accepted(mockidp("export", "--url", server.url)) == exported
    tenant.reset()
    (folder / "state.json").write_text(exported)
    accepted(mockidp("import", "state.json"))
    assert accepted(mockidp("export")) == exported


def test_a_tenant_that_is_full_is_exported_and_imported(mockidp, tenant, folder, url):
    wire = TenantClient(tenant=tenant, app=create_app(tenant), url=url)
    tenant.sign_ins.add(SignIn(user_id="auth0|alice"))
    wire.callback(client_id="acme-web", scope="openid")
    mint_access_token(tenant, url, user="alice")
    filled = {
        name: tuple((f"{number}", entries[0][1]) for number in range(CAP)) if entries else ()
        for name, entries in tenant.snapshot().stores.items()
    }
    assert sum(map(bool, filled.values())) >= 4
    tenant.restore(replace(tenant.snapshot(), stores=filled))
    exported = accepted(mockidp("export"))
    assert len(exported) > 10_000_000, "more than any other call takes"
    (folder / "state.json").write_text(exported)
    tenant.reset()
    assert accepted(mockidp("import", "state.json")) == ""
    assert tenant.snapshot().stores == filled


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "state.json: no exported state: Expecting value"),
        (b"\xff", "state.json: no exported state: 'utf-8' codec can't decode byte 0xff"),
        (b"[]", "state.json: no exported state: it is no JSON object"),
        (b"[" * 100_000, "state.json: no exported state: "),
        (b"{}", "/mockidp_snapshot: expected the version 1"),
        (b'{"mockidp_snapshot": 9}', "/mockidp_snapshot: expected the version 1"),
        (b'{"mockidp_snapshot": 1}', "/document: expected a value"),
        (b'{"mockidp_snapshot": NaN}', "what is sent has to be what JSON has: "),
    ],
)
def test_what_is_no_state_is_refused(mockidp, folder, tenant, content, said):
    (folder / "state.json").write_bytes(content)
    assert said in refused(mockidp("import", "state.json"))
    assert "auth0|alice" in tenant.directory.users


def test_a_file_that_is_not_there(mockidp, folder):
    assert refused(mockidp("import", "none.json")).startswith("none.json: no exported state: [Err")
    assert refused(mockidp("import", folder)).startswith(f"{folder}: no exported state: [Errno 21]")


def test_a_state_with_a_mistake_is_refused_with_its_place(mockidp, folder):
    state = json.loads(accepted(mockidp("export")))
    del state["keys"][0]["kid"]
    (folder / "state.json").write_text(json.dumps(state))
    assert refused(mockidp("import", "state.json")) == "/keys/0/kid: expected a value"
