"""`mockidp check`: all mistakes in one run, or a summary of the tenant."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockidp.cli.check import check

FIXTURES = Path(__file__).parents[2] / "fixtures" / "tenants"


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(check, [str(one) for one in arguments])


def test_a_valid_file_is_summarized(run):
    result = run(FIXTURES / "acme.yaml")
    assert result.exit_code == 0
    for line in (
        "  mockidp-try  spa              /_mockidp/try",
        "  acme-global  global",
        "  https://reports.acme.example/  read:reports, write:reports",
        "  acme-m2m  https://api.acme.example/     read:items, write:items",
        "  Username-Password-Authentication  auth0  all clients",
        "  auth0|alice  alice@acme.example  viewer",
    ):
        assert line in result.output.splitlines()
    assert "not acted on" not in result.output
    assert "generated, because" not in result.output


def test_generated_values_and_ignored_fields_of_an_export_are_listed(run):
    placeholders = ("--placeholder", "ENV=dev", "--placeholder", "LOGOUT_URLS=[]")
    result = run(FIXTURES / "exported.yaml", *placeholders)
    assert result.exit_code == 0
    lines = [line.strip() for line in result.output.splitlines()]
    assert "clients[1].client_secret  shop-backoffice-secret" in lines
    assert {"branding", "clients[].client_metadata", "tenant.sandbox_version"} < set(lines)
    assert "not acted on, and Auth0 would answer differently" in lines
    (triggers,) = (line for line in lines if line.startswith("triggers "))
    assert triggers.endswith(
        "  Auth0 runs the Actions of these triggers, which can deny access and add claims (here, "
        "use `mockidp.claims`)"
    )


def test_a_file_is_read_from_standard_input():
    text = "clients: [{client_id: app, app_type: spa}]"
    result = CliRunner().invoke(check, ["-"], input=text)
    assert result.exit_code == 0
    assert result.output.startswith("<stdin>: no errors\n")
    assert "<stdin>:1: clients[0].callbacks" in result.output
    answer = json.loads(CliRunner().invoke(check, ["-", "--json"], input=text).output)
    assert (answer["file"], answer["valid"]) == ("<stdin>", True)


def test_mistakes_of_standard_input_are_reported():
    result = CliRunner().invoke(check, ["-"], input="clients: 5")
    assert result.exit_code == 1
    assert result.output.startswith("<stdin>:1: clients: found the number 5")


def test_token_exchange_profiles_are_summarized(run, tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text("tokenExchangeProfiles: [{name: legacy, subject_token_type: 'urn:acme:old'}]")
    assert "  legacy  urn:acme:old" in run(path).output.splitlines()


def test_json_names_the_fields_that_auth0_would_act_on(run, tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text(
        "clients: [{client_id: web, sso_disabled: true, logo_uri: 'https://a.example'}]"
    )
    answer = json.loads(run(path, "--json").output)
    assert answer["differs"] == [
        {
            "path": "clients[].sso_disabled",
            "auth0": "Auth0 shows the login page although the browser has a session",
        }
    ]
    assert answer["not_acted_on"] == [{"path": "clients[].logo_uri"}]


def test_settings_that_differ_from_the_default_are_shown_without_their_secrets(run, tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text("mockidp: {hosts: [a.example.com], impersonation: {ttl: 60, key: hush}}\n")
    result = run(path)
    assert result.output.splitlines()[1:] == [
        "settings that differ from the default",
        '  hosts              ["a.example.com"]',
        "  impersonation.ttl  60",
        "  impersonation.key  (a secret)",
    ]


def test_control_characters_in_names_are_escaped(run, tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text('roles: [{name: "a\\e[2J\\nb"}]')
    assert run(path).output.splitlines()[2] == r"  a\x1b[2J\nb"


def test_grants_and_connections_are_shown_with_their_limits(run, tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text(
        """
        clients: [{client_id: jobs}]
        clientGrants: [{client_id: jobs, audience: https://a.example/api/v2/, allow_all_scopes: true}]
        connections: [{name: staff, strategy: samlp, enabled_clients: [jobs]}]
        users: [{user_id: auth0|u, username: u}]
        """
    )
    result = run(path)
    assert "  jobs  https://a.example/api/v2/  all" in result.output
    assert "  staff  samlp  jobs" in result.output
    assert "  auth0|u  u" in result.output


def test_every_mistake_is_printed_and_the_status_is_1(run):
    result = run(FIXTURES / "broken" / "several-mistakes.yaml")
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 8
    assert ":3: clients[0].calbacks: found an unknown key" in result.output


def test_a_placeholder_without_a_value_is_reported_with_the_option(run):
    result = run(FIXTURES / "exported.yaml")
    assert result.exit_code == 1
    assert "exported.yaml:17: resourceServers[0].identifier" in result.output
    assert "--placeholder ENV=..." in result.output


@pytest.mark.parametrize("name", ["no-such-file.yaml", "broken"])
def test_an_unreadable_file_is_reported_in_one_line(run, name):
    result = run(FIXTURES / name)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1


def test_json_has_the_parts_of_each_mistake(run):
    result = run(FIXTURES / "broken" / "unknown-key.yaml", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.output)
    assert answer["valid"] is False
    assert answer["mistakes"] == [
        {
            "file": str(FIXTURES / "broken" / "unknown-key.yaml"),
            "line": 4,
            "path": "clients[0].calbacks",
            "found": "an unknown key",
            "expected": "a key that Auth0 or mockidp knows",
            "suggestion": "callbacks",
        }
    ]


def test_json_has_the_summary(run):
    answer = json.loads(run(FIXTURES / "acme.yaml", "--json").output)
    assert answer["valid"] is True
    assert answer["clients"][-1] == {
        "client_id": "mockidp-try",
        "type": "spa",
        "callbacks": ["/_mockidp/try"],
    }
    assert len(answer["clients"][0]["callbacks"]) == 8
    assert answer["connections"][0]["enabled_clients"] == "all clients"
    assert set(answer) == {
        "file", "valid", "clients", "apis", "client_grants", "connections", "roles", "users",
        "organizations", "token_exchange_profiles", "custom_domains", "custom_claims", "settings",
        "made_up", "differs", "not_acted_on", "notes",
    }  # fmt: skip


def test_a_placeholder_without_an_equals_sign_is_a_usage_error(run):
    assert run(FIXTURES / "minimal.yaml", "--placeholder", "ENV").exit_code == 2


def test_custom_claims_are_listed_with_their_sources_and_limits(run, tmp_path):
    file = tmp_path / "acme.yaml"
    file.write_text(
        "clients: [{client_id: web}]\n"
        "mockidp:\n"
        "  claims:\n"
        "    - {claim: plan, value: {a: null}, client: web, scope: email}\n"
        "    - {claim: https://acme.example/mail, from: user.email, in: id_token}\n"
    )
    shown = run(file).output.partition("custom claims\n")[2]
    assert shown.startswith(
        '  plan                       value {"a": null}  id_token, access_token, userinfo'
        "  client web, scope email\n"
        "  https://acme.example/mail  from user.email    id_token\n"
    )
    assert json.loads(run(file, "--json").output)["custom_claims"][1] == {
        "claim": "https://acme.example/mail",
        "source": "from user.email",
        "in": ["id_token"],
        "limits": [],
    }
