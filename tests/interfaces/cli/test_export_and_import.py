"""`mockidp export` and `mockidp import`: copy a state to another mock."""

import json
from dataclasses import replace

import pytest

from helpers.outcome import accepted, refused
from helpers.tenant_client import TenantClient
from mockidp.server import Server, parse_address
from mockidp.tenant.state.sign_ins import SignIn
from mockidp.tenant.tenant import Tenant
from mockidp.testing.mint import mint_access_token
from mockidp.web.app import create_app

CAP = 10_000
"""The capacity of a store."""
HERE = parse_address("127.0.0.1:0")


@pytest.fixture(autouse=True)
def _files(folder, url, monkeypatch):
    """Use the mock of the test, and write a state file."""
    monkeypatch.setenv("MOCKIDP_URL", url)
    (folder / "state.json").write_text('{"mockidp_snapshot": 2}')


def test_a_state_can_be_exported_from_one_mock_and_imported_into_another(
    mockidp, folder, url, tenant
):
    tenant.clock.freeze("2030-01-01T00:00:00Z")
    tenant.rotate_keys()
    exported = accepted(mockidp("export"))
    other = Tenant()
    with Server(create_app(other), listen=[HERE]) as server:
        assert accepted(mockidp("import", "-", "--url", server.url, stdin=exported.encode())) == ""
        assert other.document.users == tenant.document.users
        assert other.keys.jwks_json == tenant.keys.jwks_json
        assert accepted(mockidp("export", "--url", server.url)) == exported
    tenant.reset()
    (folder / "state.json").write_text(exported)
    accepted(mockidp("import", "state.json"))
    assert accepted(mockidp("export")) == exported


def test_a_tenant_at_its_limits_can_be_exported_and_imported(mockidp, tenant, folder, url):
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
    assert len(exported) > 10_000_000, "larger than any other call"
    (folder / "state.json").write_text(exported)
    tenant.reset()
    assert accepted(mockidp("import", "state.json")) == ""
    assert tenant.snapshot().stores == filled


STATE = "`mockidp export > state.json` creates one."
PUSH = "`mockidp push {file}` loads it into a running mock; `mockidp serve {file}` serves it."
USERS = "Put the users under `users:` in a tenant file, and load it with `mockidp push`."
EXPORT = "`mockidp push` and `mockidp serve` accept the directory of the whole export."
A_CLIENT = b'{"client_id": "a", "name": "b", "callbacks": []}'
ENTRY = b'{"number": 1, "endpoint": "token", "trace": []}'


@pytest.mark.parametrize(
    ("content", "what", "remedy"),
    [
        (b"", "empty", STATE),
        (b" \n", "empty", STATE),
        (b"a\xff", "a binary file, with a byte that is not UTF-8 at 1", STATE),
        (b"hello", "not JSON (Expecting value: line 1 column 1 (char 0))", STATE),
        (b"hello: world", "not JSON (Expecting value: line 1 column 1 (char 0))", STATE),
        (b"[" * 100_000, "not JSON (", STATE),
        (b"-----BEGIN RSA PRIVATE KEY-----\n", "a PEM file",
         "`mockidp serve --keys {file}` signs with its keys."),
        (b"clients: [{client_id: a}]\nusers: []\n", "a tenant file", PUSH),
        (b"tenant: {friendly_name: ##NAME##}\nclients: @@CLIENTS@@\n", "a tenant file", PUSH),
        (b'{"clients": [], "branding": {}}', "a tenant file", PUSH),
        (A_CLIENT, "a client that Auth0's Deploy CLI exported", EXPORT),
        (b"identifier: urn:a\nname: A\nscopes: []\n",
         "an API that Auth0's Deploy CLI exported", EXPORT),
        (b"[" + A_CLIENT + b"]",
         "a list that begins with a client that Auth0's Deploy CLI exported", EXPORT),
        (b'[{"user_id": "auth0|a"}, {}]', "a list of users", USERS),
        (b'{"user_id": "auth0|a"}\n{"user_id": "auth0|b"}\n', "a list of users", USERS),
        (b'{"user_id": "auth0|a"}', "a user", USERS),
        (b'[{"email": "a@acme.example", "given_name": "A", "x": 1}]', "a list of users", USERS),
        (ENTRY + b"\n" + ENTRY, "a journal",
         f"A journal cannot be restored, only a whole state. {STATE}"),
        (b"[]", "JSON, but not an object", STATE),
        (b'["mockidp_snapshot"]', "JSON, but not an object", STATE),
        (b"5", "JSON, but not an object", STATE),
        (b"{}", "an unknown JSON object (its first keys: none)", STATE),
        (b'{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}',
         "an unknown JSON object (its first keys: 'a', 'b', 'c', 'd', 'e')", STATE),
    ],
)  # fmt: skip
def test_another_kind_of_file_is_refused_with_the_right_command(
    mockidp, folder, content, what, remedy
):
    (folder / "other").write_bytes(content)
    message = refused(mockidp("import", "other"))
    assert message.startswith(f"other: this is {what}")
    assert message.endswith(
        f", not a state that `mockidp export` printed. {remedy.format(file='other')}"
    )


def test_a_file_that_is_too_large_for_a_tenant_is_not_parsed_as_one(mockidp, folder, monkeypatch):
    monkeypatch.setattr("mockidp.cli.files.state_file.MAX_BYTES", 10)
    (folder / "other").write_text("clients: []\nusers: []\n")
    assert "this is not JSON (" in refused(mockidp("import", "other"))


@pytest.mark.parametrize("command", ["check", "serve", "push"])
def test_a_state_in_place_of_a_tenant_file_is_recognized(mockidp, folder, command):
    (folder / "state.json").write_text('{"mockidp_snapshot": 2}')
    done = mockidp(command, "state.json")
    assert done.status == 1
    assert (
        (done.out + done.err)
        .removeprefix("mockidp: ")
        .startswith(
            "state.json:1: found a state that `mockidp export` printed, expected a tenant file. To "
            "restore that state in a running mock: mockidp import state.json"
        )
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"mockidp_snapshot": 9}', "/mockidp_snapshot: found version 9 of the format,"),
        (b'{"mockidp_snapshot": 2}', "/document: expected a value"),
        (b'{"mockidp_snapshot": NaN}', "The body is not JSON: NaN is not a JSON value."),
    ],
)
def test_an_invalid_state_is_refused(mockidp, folder, tenant, content, message):
    (folder / "state.json").write_bytes(content)
    assert message in refused(mockidp("import", "state.json"))
    assert "auth0|alice" in tenant.directory.users


def test_a_missing_file_is_refused(mockidp):
    message = refused(mockidp("import", "missing.json"))
    assert message == "missing.json: cannot be read: No such file or directory"


def test_a_directory_is_refused(mockidp, folder):
    message = refused(mockidp("import", folder))
    assert message == (
        f"{folder}: this is a directory, perhaps an export of Auth0's Deploy CLI, not a state that "
        f"`mockidp export` printed. {PUSH.format(file=folder)}"
    )


def test_a_mistake_in_a_state_is_reported_with_its_path(mockidp, folder):
    state = json.loads(accepted(mockidp("export")))
    del state["keys"][0]["kid"]
    (folder / "state.json").write_text(json.dumps(state))
    assert (
        refused(mockidp("import", "state.json")) == "/keys/0/kid: expected a value: kid is required"
    )
