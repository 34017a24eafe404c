"""Exports of the Deploy CLI load without changes: placeholders, missing ids and secrets."""

from pathlib import Path

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.tenant.config.load import load_tenant, parse_tenant

EXPORTED = Path(__file__).parents[2] / "fixtures" / "tenants" / "exported.yaml"
VALUES = {"ENV": "dev", "LOGOUT_URLS": '["http://localhost:5173", "https://a.example/ü"]'}


def test_an_export_loads_without_changes():
    document = load_tenant(EXPORTED, placeholders=VALUES)
    backoffice = document.clients[1]
    assert backoffice.name == "Shop Backoffice"
    assert backoffice.allowed_logout_urls == ("http://localhost:5173", "https://a.example/ü")
    assert backoffice.callbacks[0] == "https://backoffice.dev.shop.example.com/callback"
    assert document.tenant.friendly_name == "Shop dev"
    assert document.resource_servers[0].identifier == document.client_grants[0].audience
    assert {"branding", "emailProvider", "clients[].client_metadata"} <= set(document.not_acted_on)
    assert "triggers" in dict(document.differs)


def test_a_placeholder_without_a_value_is_reported_in_fields_that_are_used():
    with pytest.raises(ConfigError) as refused:
        load_tenant(EXPORTED)
    assert [mistake.path for mistake in refused.value.mistakes] == [
        "resourceServers[0].identifier",
        "clients[1].allowed_logout_urls",
        "clients[1].callbacks[0]",
        "tenant.friendly_name",
        "clientGrants[0].audience",
        "roles[0].permissions[0].resource_server_identifier",
        "roles[1].permissions[0].resource_server_identifier",
        "roles[1].permissions[1].resource_server_identifier",
    ]
    assert "--placeholder ENV=..." in str(refused.value)


def test_a_client_without_id_and_secret_gets_predictable_ones():
    document = load_tenant(EXPORTED, placeholders=VALUES)
    assert [(one.client_id, one.client_secret) for one in document.clients] == [
        ("default-app", "default-app-secret"),
        ("shop-backoffice", "shop-backoffice-secret"),
        ("shop-web", None),
        ("order-importer", "order-importer-secret"),
        ("auth0-deploy-cli-extension", "auth0-deploy-cli-extension-secret"),
    ]
    assert document.made_up[:3] == (
        "clients[0].client_id", "clients[0].client_secret", "clients[1].client_id",
    )  # fmt: skip
    assert "clients[2].client_secret" not in document.made_up


def test_a_public_client_with_hs256_id_tokens_gets_a_secret_too():
    document = parse_tenant(
        "clients: [{client_id: spa, token_endpoint_auth_method: none,"
        " jwt_configuration: {alg: HS256}}]"
    )
    assert document.clients[0].client_secret == "spa-secret"


def test_a_generated_secret_is_encoded_if_the_client_requires_it():
    document = parse_tenant(
        "clients: [{client_id: old, jwt_configuration: {alg: HS256, secret_encoded: true}},"
        " {client_id: new, jwt_configuration: {alg: HS256, secret_encoded: false}}]"
    )
    assert [one.client_secret for one in document.clients] == ["b2xkLXNlY3JldA", "new-secret"]
    assert document.clients[0].signing_secret == b"old-secret"


def test_a_secret_that_is_null_counts_as_missing():
    document = parse_tenant("clients: [{client_id: web, client_secret: null}]")
    assert document.clients[0].client_secret == "web-secret"


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("'##K##'", "a", "a"),
        ("x-##K##-y", "a", "x-a-y"),
        ("##K##", "$1\\1", "$1\\1"),
        ("@@K@@", "a 'b'", "a 'b'"),
        ('"@@K@@"', "a", "a"),
        ("'@@K@@'", '"5"', "5"),
        ("@@K@@", "NaN", "NaN"),
        ("@@K@@", "[" * 100_000, "[" * 100_000),
        ("@@K@@", "", ""),
    ],
)
def test_a_placeholder_is_replaced_as_the_deploy_cli_does(text, value, expected):
    document = parse_tenant(f"tenant: {{friendly_name: {text}}}", placeholders={"K": value})
    assert document.tenant.friendly_name == expected


def test_a_value_is_parsed_as_json_only_between_at_signs():
    assert parse_tenant(
        "mockidp: {login_lifetime: @@K@@}", placeholders={"K": "60"}
    ).mockidp.login_lifetime == 60  # fmt: skip
    with pytest.raises(ConfigError, match="found the number 60, expected a list of strings"):
        parse_tenant("mockidp: {hosts: @@K@@}", placeholders={"K": "60"})


def test_placeholders_in_comments_and_unused_fields_are_kept():
    document = parse_tenant(
        """
        # ##COMMENT## and @@COMMENT@@
        ##ALONE##
        emailProvider: {credentials: {api_key: '##KEY##'}}
        clients:
          - client_id: web
            client_metadata: {env: ##ENV##, ##NAME##: 1, list: @@LIST@@}
        """
    )
    assert document.clients[0].extra == {
        "client_metadata": {"env": "##ENV##", "##NAME##": 1, "list": "@@LIST@@"}
    }


def test_a_placeholder_is_not_compared_with_anything():
    with pytest.raises(ConfigError) as refused:
        parse_tenant("users: [{user_id: auth0|a, roles: ['##ROLE##'], email: '##MAIL##'}]")
    assert [one.expected for one in refused.value.mistakes] == [
        "--placeholder ROLE=...",
        "--placeholder MAIL=...",
    ]


@pytest.mark.parametrize(
    "tag", ["!<tag:yaml.org,2002:js/undefined> ''", "!!js/undefined ''", "!!js/undefined "]
)
def test_js_yamls_undefined_counts_as_absent(tag):
    document = parse_tenant(
        f"""
        tenant:
          friendly_name: {tag}
          session_lifetime: 3
        clients:
          - client_id: web
            name: {tag}
            callbacks:
              - {tag}
              - http://localhost:3000
        connections:
          - {{name: corp, strategy: samlp, options: {{idpinitiated: {{client_id: {tag}}}}}}}
        """
    )
    assert document.tenant.friendly_name == ""
    assert document.tenant.session_lifetime == 3
    assert document.clients[0].name == ""
    assert document.clients[0].callbacks == ("http://localhost:3000",)
    assert to_file(document.connections[0])["options"] == {"idpinitiated": {}}


def test_js_yamls_other_types_are_kept_as_strings():
    document = parse_tenant(
        """
        tenant: {friendly_name: !!js/regexp /a/gi, picture_url: !!binary aGk=}
        rules: [{name: r, script: !<tag:yaml.org,2002:js/function> "function () {}"}]
        """
    )
    assert document.tenant.friendly_name == "/a/gi"
    assert document.tenant.extra["picture_url"] == "aGk="


def test_a_file_of_undefined_is_empty():
    with pytest.raises(ConfigError, match="found an empty file"):
        parse_tenant("!!js/undefined ''")


def test_standard_yaml_tags_are_supported():
    document = parse_tenant(
        """
        tenant: {friendly_name: !!str 5, session_lifetime: !!int '3', default_audience: !!null ''}
        clients:
          - {client_id: web, is_first_party: !!bool "false"}
        users: [{user_id: auth0|a, created_at: !!timestamp 2024-05-06}]
        mockidp: {login_lifetime: !!int 5}
        """
    )
    assert (document.tenant.friendly_name, document.tenant.session_lifetime) == ("5", 3)
    assert document.tenant.default_audience is None
    assert document.clients[0].is_first_party is False
    assert document.users[0].created_at == "2024-05-06"


@pytest.mark.parametrize("tag", ["python/name", "set", "x"])
def test_other_tags_are_refused(tag):
    with pytest.raises(
        ConfigError, match=f"found the tag tag:yaml.org,2002:{tag}, expected no tag"
    ):
        parse_tenant(f"tenant: {{friendly_name: !!{tag} x}}")


@pytest.mark.parametrize(
    ("clients", "ids"),
    [
        (["My App", "my app", "MY APP"], ["my-app", "my-app-2", "my-app-3"]),
        (["My App", "my-app"], ["my-app-2", "my-app"]),
        (["My App", "My App 2", "my app"], ["my-app", "my-app-2", "my-app-3"]),
        (["***", "!!!"], ["client", "client-2"]),
        (["Web", "client_id: web"], ["web-2", "web"]),
        (["Web", "client_id: x, name: web"], ["web-2", "x"]),
        (["Größe", "GRÖSSE"], ["größe", "grösse"]),
    ],
)
def test_ids_made_from_names_do_not_collide(clients, ids):
    entries = [f"{{{one if ': ' in one else f'name: {one!r}'}}}" for one in clients]
    document = parse_tenant(f"clients: [{', '.join(entries)}]")
    assert [client.client_id for client in document.clients] == ids


def test_a_section_that_the_deploy_cli_could_not_read_counts_as_absent():
    document = parse_tenant(
        "clients: [{name: Web}]\nroles: null\ntenant: null\nclientGrants:\norganizations: null\n"
    )
    assert (document.roles, document.client_grants) == ((), ())
    assert document.tenant.friendly_name == ""


def test_a_setting_that_is_null_is_a_mistake_in_an_export_too():
    with pytest.raises(ConfigError, match="login_lifetime: found nothing, expected a whole number"):
        parse_tenant("clients: [{name: Web}]\nmockidp: {login_lifetime: null}")


def test_an_entry_of_a_url_list_that_auth0_keeps_and_never_matches_is_a_note():
    text = """
        clients:
          - name: Web
            callbacks: ["http://localhost:3000/*", "http://localhost:3000/cb"]
            web_origins: ["http://localhost:*"]
    """
    document = parse_tenant(text)
    assert document.clients[0].callbacks == ("http://localhost:3000/*", "http://localhost:3000/cb")
    assert [(one.path, one.text.partition(": expected")[0]) for one in document.notes] == [
        ("clients[0].callbacks[0]", "'http://localhost:3000/*' never matches"),
        ("clients[0].web_origins[0]", "'http://localhost:*' never matches"),
    ]
    with pytest.raises(
        ConfigError, match=r"callbacks\[0\]: found the string 'http://localhost:3000"
    ):
        parse_tenant(text.replace("name: Web", "client_id: web"))


@pytest.mark.parametrize("url", ["localhost:3000", "javascript:/*", "*"])
def test_an_entry_of_a_url_list_that_auth0_refuses_is_a_mistake_in_an_export_too(url):
    with pytest.raises(ConfigError):
        parse_tenant(f"clients: [{{name: Web, callbacks: ['{url}']}}]")
