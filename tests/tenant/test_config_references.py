"""References to records that a tenant file does not contain: notes or mistakes."""

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.tenant.config.leniency import LOADED
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.config.plain import structure_tenant

GENERATED = "bT0xVf3mQpLw9ZkR2nYcDs7HgJe5UaKi"


def notes(text):
    return [(note.path, note.text) for note in parse_tenant(text, source="t.yaml").notes]


def mistakes(text):
    with pytest.raises(ConfigError) as refused:
        parse_tenant(text)
    return [(one.path, one.suggestion) for one in refused.value.mistakes]


def test_a_client_id_of_another_tenant_is_a_note_with_its_place():
    document = parse_tenant(
        "clients: [{client_id: shop, name: Shop}]\n"
        f"connections:\n  - {{name: saml, strategy: samlp, enabled_clients: [{GENERATED}, Shop]}}\n",
        source="t.yaml",
    )
    (note,) = document.notes
    assert str(note) == (
        f"t.yaml:3: connections[0].enabled_clients[0]: {GENERATED!r} is not a client's id or name "
        "in this tenant"
    )
    assert document.connections[0].enabled_clients == (GENERATED, "Shop")


@pytest.mark.parametrize(
    ("section", "path", "expected"),
    [
        ("clientGrants: [{client_id: Gone, audience: urn:a}]",
         "clientGrants[0].client_id", "'Gone' is not a client's id or name in this tenant"),
        ("clientGrants: [{client_id: Web, audience: 'https://gone/'}]",
         "clientGrants[0].audience", "'https://gone/' is not an API's identifier in this tenant"),
        ("clientGrants: [{client_id: Web, audience: urn:a, scope: [x]}]",
         "clientGrants[0].scope[0]", "'x' is not a scope that urn:a defines in this tenant"),
        ("roles: [{name: r, permissions: [{permission_name: x, resource_server_identifier: 'https://gone/'}]}]",
         "roles[0].permissions[0].resource_server_identifier",
         "'https://gone/' is not an API's identifier in this tenant"),
        ("tenant: {default_audience: 'https://gone/'}",
         "tenant.default_audience", "'https://gone/' is not an API's identifier in this tenant"),
        ("tenant: {default_directory: members}",
         "tenant.default_directory", "'members' is not a connection in this tenant"),
        ("databases: [{name: db, enabled_clients: [Gone]}]",
         "databases[0].enabled_clients[0]", "'Gone' is not a client's id or name in this tenant"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("client_id", ["", "client_id: w, "])
def test_unresolved_references_of_a_partial_export_are_notes(section, path, expected, client_id):
    text = f"""
        clients: [{{{client_id}name: Web}}]
        resourceServers: [{{identifier: urn:a, scopes: [{{value: read:all}}]}}]
        {section}
    """
    assert notes(text) == [(path, expected)]


def test_a_tenant_section_alone_loads():
    text = "tenant: {default_audience: https://api.example/, default_directory: members}"
    assert [path for path, _ in notes(text)] == [
        "tenant.default_directory",
        "tenant.default_audience",
    ]


def test_a_name_similar_to_a_known_one_is_a_mistake_only_in_a_file_written_by_hand():
    text = """
        clients: [{%sname: Shop Web}]
        databases: [{name: db, enabled_clients: [Shop Wbe]}]
    """
    assert mistakes(text % "client_id: s, ") == [("databases[0].enabled_clients[0]", "Shop Web")]
    assert notes(text % "") == [
        (
            "databases[0].enabled_clients[0]",
            "'Shop Wbe' is not a client's id or name in this tenant; did you mean Shop Web?",
        )
    ]


def test_a_generated_id_is_never_a_typing_error():
    other = GENERATED[:-1] + "x"
    text = f"clients: [{{client_id: {GENERATED}}}]\nconnections: [{{name: c, enabled_clients: [{other}]}}]"
    assert [path for path, _ in notes(text)] == ["connections[0].enabled_clients[0]"]


@pytest.mark.parametrize(
    ("user", "path"),
    [
        ("roles: [other]", "roles[0]"),
        ("connection: other", "connection"),
        ("permissions: [{permission_name: x, resource_server_identifier: other}]",
         "permissions[0].resource_server_identifier"),
        ("permissions: [{permission_name: other, resource_server_identifier: urn:a}]",
         "permissions[0].permission_name"),
    ],
)  # fmt: skip
def test_references_of_a_user_must_exist(user, path):
    text = f"""
        clients: [{{name: Web}}]
        resourceServers: [{{identifier: urn:a, scopes: [{{value: read:all}}]}}]
        users: [{{user_id: auth0|a, {user}}}]
    """
    assert mistakes(text) == [(f"users[0].{path}", None)]


def test_a_document_loaded_with_notes_loads_again():
    document = parse_tenant(
        """
        clients: [{name: Web}]
        clientGrants: [{client_id: Wev, audience: urn:a}]
        """
    )
    again = structure_tenant(to_file(document), leniency=LOADED)
    assert [note.name for note in again.notes] == [note.name for note in document.notes]
    assert [note.name for note in again.notes] == ["Wev", "urn:a"]


def test_an_export_can_have_two_clients_or_apis_with_the_same_name():
    document = parse_tenant(
        """
        clients:
          - name: Web
          - name: Web
        resourceServers:
          - {identifier: urn:a, name: API}
          - {identifier: urn:b, name: API}
        """
    )
    assert [client.client_id for client in document.clients] == ["web", "web-2"]
    assert [(note.path, note.text) for note in document.notes] == [
        ("clients[1].name", "'Web' again, after line 3"),
        ("resourceServers[1].name", "'API' again, after line 6"),
    ]


def test_a_policy_of_refresh_tokens_names_an_api_and_its_scopes():
    text = """
        clients: [{name: Web, refresh_token: {policies: [
          {audience: "urn:a", scope: [read, wrte]}, {audience: "https://gone/", scope: [any]}]}}]
        resourceServers: [{identifier: "urn:a", scopes: [{value: read}, {value: write}]}]
    """
    assert notes(text) == [
        (
            "clients[0].refresh_token.policies[0].scope[1]",
            "'wrte' is not a scope that urn:a defines in this tenant; did you mean write?",
        ),
        (
            "clients[0].refresh_token.policies[1].audience",
            "'https://gone/' is not an API's identifier in this tenant",
        ),
    ]


def test_a_name_in_place_of_a_list_of_names_is_one_mistake():
    with pytest.raises(ConfigError) as refused:
        parse_tenant("users: [{user_id: auth0|alice, email: alice@acme.example, roles: admin}]")
    (mistake,) = refused.value.mistakes
    assert mistake.expected == "a list of strings"
