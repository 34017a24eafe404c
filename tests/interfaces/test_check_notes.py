"""The notes of `mockidp check` about clients and users that cannot log in."""

import json

import pytest
from click.testing import CliRunner

from mockidp.cli.check import check


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(check, [str(one) for one in arguments])


def notes(run, tmp_path, text):
    path = tmp_path / "t.yaml"
    path.write_text(text)
    result = run(path, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)["notes"]
    return [(one["place"].removeprefix(str(path)), one["note"]) for one in found]


@pytest.mark.parametrize("app_type", ["spa", "regular_web"])
def test_an_app_without_callbacks_is_noted(run, tmp_path, app_type):
    other = "{client_id: m2m, app_type: non_interactive}"
    text = f"clients: [{other}, {{client_id: app, app_type: {app_type}}}]"
    assert notes(run, tmp_path, text) == [
        (
            ":1: clients[1].callbacks",
            (
                f"client app ({app_type}) has no callbacks, so no login can return to it. Add one, or "
                "remove the grant types of logins if it gets only tokens"
            ),
        )
    ]


@pytest.mark.parametrize(
    "fields",
    [
        "app_type: spa, callbacks: ['http://localhost:3000/']",
        "app_type: regular_web, grant_types: [client_credentials]",
        "app_type: native",
        "app_type: non_interactive",
        "name: App",
    ],
)
def test_other_clients_without_callbacks_are_not_noted(run, tmp_path, fields):
    assert notes(run, tmp_path, f"clients: [{{client_id: app, {fields}}}]") == []


def test_apps_without_callbacks_are_not_noted_if_any_loopback_callback_is_accepted(run, tmp_path):
    text = "{mockidp: {accept_any_client: true}, clients: [{client_id: app, app_type: spa}]}"
    assert notes(run, tmp_path, text) == []


def test_users_of_databases_without_a_password_are_noted_once(run, tmp_path):
    users = [f"{{user_id: 'auth0|{name}'}}" for name in "abcdefg"]
    text = f"users: [{', '.join(users)}, {{user_id: 'auth0|x', password: p}}]"
    assert notes(run, tmp_path, text) == [
        (
            ":1: users",
            (
                "no password, so only the picker of the login page logs in auth0|a, auth0|b, auth0|c, "
                "auth0|d, auth0|e and 2 more"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("connection", "is_noted"),
    [
        ("{name: db, strategy: auth0}", True),
        ("{name: db, strategy: google-oauth2}", False),
        ("{name: db, strategy: email}", False),
        (
            (
                "{name: db, strategy: auth0, options: "
                "{authentication_methods: {password: {enabled: false}}}}"
            ),
            False,
        ),
    ],
)
def test_only_users_with_a_password_at_auth0_need_one(run, tmp_path, connection, is_noted):
    text = f"connections: [{connection}]\nusers: [{{user_id: 'x|a', connection: db}}]"
    assert [place for place, _ in notes(run, tmp_path, text)] == [":2: users"] * is_noted


def test_a_user_with_the_hash_of_a_password_is_not_noted(run, tmp_path):
    hashed = "{algorithm: sha256, hash: {value: '00', encoding: hex}}"
    text = f"users: [{{user_id: 'auth0|a', custom_password_hash: {hashed}}}]"
    assert notes(run, tmp_path, text) == []


def test_the_summary_has_the_notes(run, tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text("clients: [{client_id: app, app_type: spa}]")
    place = f"{path}:1: clients[0].callbacks"
    assert f"notes\n  {place}  client app (spa) has no callbacks" in run(path).output


def test_a_note_has_the_line_of_the_key_if_there_is_one(run, tmp_path):
    text = "clients:\n- client_id: a\n  app_type: spa\n- client_id: b\n  app_type: spa\n  callbacks: []"
    assert [place for place, _ in notes(run, tmp_path, text)] == [
        ":2: clients[0].callbacks",
        ":6: clients[1].callbacks",
    ]


def test_notes_about_a_directory_name_the_file(run, tmp_path):
    clients = tmp_path / "clients"
    clients.mkdir()
    (clients / "App.json").write_text('{"name": "App", "app_type": "spa"}')
    (tmp_path / "tenant.json").write_text("{}")
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    assert (
        f"{clients / 'App.json'}:1: callbacks  client app (spa) has no callbacks" in result.output
    )
