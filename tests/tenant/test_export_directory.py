"""Directories as tenants: both formats of the Deploy CLI, and other content."""

import json
import shutil
from pathlib import Path

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.shape import shape_of
from mockidp.codec.write import to_file
from mockidp.tenant.config.export_layout import LAYOUT
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.content.document import TenantDocument

EXPORTS = Path(__file__).parents[2] / "fixtures" / "exports"
VALUES = {
    "STAGE": "dev",
    "HOURS": "12",
    "CALLBACKS": '["http://localhost:3000/a"]',
    "LOGOUT_URLS": '["http://localhost:3000"]',
}


@pytest.fixture
def export(tmp_path):
    """Return a function that writes an export: by file name, a text or a JSON value."""

    def write(files):
        for name, content in files.items():
            path = tmp_path / "export" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
        return tmp_path / "export"

    return write


def refused(directory):
    with pytest.raises(ConfigError) as error:
        load_tenant(directory)
    return [
        str(one).replace(f"{directory}/", "").replace(str(directory), "DIR")
        for one in error.value.mistakes
    ]


@pytest.mark.parametrize("path", sorted(EXPORTS.iterdir()), ids=lambda path: path.name)
def test_every_export_loads(path):
    load_tenant(path, placeholders=VALUES)


def test_both_formats_are_the_same_tenant():
    directory, yaml = (to_file(load_tenant(EXPORTS / name)) for name in ("directory", "yaml"))
    assert (yaml.pop("rulesConfigs"), yaml.pop("clientAuthCredentials")) == ([], None)
    for document in (directory, yaml):
        for name in ("partials", "screenRenderers"):  # they have another form in each format
            document["prompts"].pop(name)
    assert directory == yaml


@pytest.mark.parametrize("name", ["directory", "yaml"])
def test_the_files_that_an_export_names_are_read(name):
    document = to_file(load_tenant(EXPORTS / name))
    assert "exports.onExecutePostLogin" in document["actions"][0]["code"]
    assert document["pages"][0]["html"] == "<p>Sorry</p>\n"
    assert document["databases"][0]["options"]["customScripts"]["login"].startswith("function")
    assert "start" in document["forms"][0]
    assert "body" not in document["forms"][0]


@pytest.mark.parametrize("value", ["code.js", "./missing.js", "./", ". /code.js"])
def test_a_text_that_names_no_file_stays_as_it_is(export, value):
    files = {"actions/a.json": {"name": "a", "code": value}, "actions/code.js": "let a = 1;"}
    [action] = load_tenant(export(files)).extra["actions"]
    assert action["code"] == value


def test_a_file_outside_of_the_export_is_not_read(export, tmp_path):
    (tmp_path / "outside.js").write_text("a secret")
    directory = export({"actions/a.json": {"name": "a", "code": "./../outside.js"}})
    [mistake] = refused(directory)
    assert "a link that leaves the directory" in mistake
    assert "secret" not in mistake


def test_a_file_that_names_itself_is_read_once(export):
    directory = export({"forms/a.json": {"name": "a", "nodes": "./a.json"}})
    [form] = load_tenant(directory).extra["forms"]
    assert form == {"name": "a", "nodes": "./a.json"}


def test_a_mistake_in_a_named_file_is_reported(export):
    tenant = "forms:\n- name: a\n  body: ./forms/a.json\n"
    mistakes = refused(export({"tenant.yaml": tenant, "forms/a.json": "{"}))
    assert mistakes[0].startswith("forms/a.json:2:")


def test_each_section_of_the_directory_format_is_known():
    document = load_tenant(EXPORTS / "directory")
    shape = shape_of(TenantDocument)
    known = {*shape.fields, *shape.kept}
    sections = {section.partition(".")[0].removesuffix("[]") for section in LAYOUT.values()}
    assert sections <= known
    reported = {path.partition(".")[0].partition("[")[0] for path in document.not_acted_on}
    reported |= {path.partition(".")[0].partition("[")[0] for path, _ in document.differs}
    acted_on = {"tenant", "clients", "resourceServers", "clientGrants", "databases", "roles"}
    acted_on |= {"connections", "attackProtection", "prompts", "guardianFactors"}
    acted_on |= {"guardianPolicies", "guardianPhoneFactorMessageTypes"}
    without_example = {"rulesConfigs", "supplementalSignals", "tokenExchangeProfiles"}
    assert sections - reported - acted_on <= without_example


def test_a_database_has_its_own_folder():
    (database,) = load_tenant(EXPORTS / "directory").databases
    assert database.name == "readers"
    scripts = to_file(database)["options"]["customScripts"]
    assert {name: text.split("(")[0] for name, text in scripts.items()} == {
        "get_user": "function getByEmail",
        "login": "function login",
    }


def test_an_unknown_name_in_an_export_is_a_note_with_its_file():
    notes = load_tenant(EXPORTS / "only-grants").notes
    assert [(Path(note.file).name, note.line, note.path, note.name) for note in notes] == [
        ("Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Kk-Auth0 Management API.json", 2, "client_id",
         "Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Kk"),
        ("Harbour-Backoffice-Catalogue API.json", 2, "client_id", "Harbour-Backoffice"),
        ("Harbour-Backoffice-Catalogue API.json", 3, "audience", "https://api.harbour.example/"),
    ]  # fmt: skip


def test_placeholders_are_replaced_in_every_file():
    document = load_tenant(EXPORTS / "keywords", placeholders=VALUES)
    assert document.tenant.friendly_name == "Harbour dev"
    assert document.tenant.session_lifetime == 12
    assert document.tenant.allowed_logout_urls == ("http://localhost:3000",)
    assert document.clients[0].client_id == "shop-dev"
    assert document.clients[0].callbacks == ("http://localhost:3000/a",)
    assert document.resource_servers[0].identifier == "https://api.dev.harbour.example/"


def test_a_placeholder_without_a_value_is_reported_with_its_file():
    assert refused(EXPORTS / "keywords") == [
        ("clients/Shop ##STAGE##.json:2: name: found the placeholder 'Shop ##STAGE##' without a "
        "value, expected --placeholder STAGE=..."),
        ("clients/Shop ##STAGE##.json:4: callbacks: found the placeholder '@@CALLBACKS@@' without a "
        "value, expected --placeholder CALLBACKS=..."),
        ("resource-servers/API.json:1: identifier: found the placeholder "
        "'https://api.##STAGE##.harbour.example/' without a value, expected --placeholder STAGE=..."),
        ("resource-servers/API.json:1: token_lifetime: found the placeholder '@@HOURS@@' without a "
        "value, expected --placeholder HOURS=..."),
        ("tenant.json:2: friendly_name: found the placeholder 'Harbour ##STAGE##' without a value, "
        "expected --placeholder STAGE=..."),
        ("tenant.json:3: session_lifetime: found the placeholder '@@HOURS@@' without a value, "
        "expected --placeholder HOURS=..."),
        ("tenant.json:4: allowed_logout_urls: found the placeholder '@@LOGOUT_URLS@@' without a "
        "value, expected --placeholder LOGOUT_URLS=..."),
    ]  # fmt: skip


def test_users_and_settings_are_read_from_mockidp_yaml_in_the_export(export):
    directory = export(
        {
            "database-connections/readers/database.json": {"name": "readers"},
            "mockidp.yaml": "users:\n  - user_id: auth0|ann\nmockidp:\n  login_lifetime: 5\n",
        }
    )
    document = load_tenant(directory)
    assert [(user.user_id, user.connection) for user in document.users] == [
        ("auth0|ann", "readers")
    ]
    assert document.mockidp.login_lifetime == 5


def test_users_are_read_from_mockidp_yaml_in_the_yaml_format_too(tmp_path):
    directory = shutil.copytree(EXPORTS / "yaml", tmp_path / "yaml")
    (directory / "mockidp.yaml").write_text("users: [{user_id: auth0|ann}]")
    document = load_tenant(directory)
    assert (document.users[0].connection, len(document.clients)) == ("readers", 4)
    (directory / "tenant.yaml").rename(directory / "tenant.yml")
    assert load_tenant(directory) == document


def test_a_directory_can_contain_only_users(export):
    assert len(load_tenant(export({"mockidp.yaml": "users: [{user_id: auth0|ann}]"})).users) == 1


def test_mockidp_yaml_rejects_sections_of_the_export(export):
    directory = export(
        {
            "tenant.yaml": "users: []\nclients: []\n",
            "mockidp.yaml": "clients: []\nusers: []\nmockidp: {ttl: 1}\n",
        }
    )
    assert refused(directory)[:2] == [
        (
            "mockidp.yaml:1: found the section clients, expected users or mockidp; everything else "
            "comes from the export"
        ),
        "mockidp.yaml:2: found the section users again, expected each section once",
    ]
    assert refused(directory)[2].startswith("mockidp.yaml:3: mockidp.ttl: found an unknown key")


def test_a_mockidp_yaml_that_is_not_yaml_is_rejected(export):
    (mistake,) = refused(export({"tenant.json": {}, "mockidp.yaml": "{]"}))
    assert mistake.startswith("mockidp.yaml:1: found text that is not YAML")


@pytest.mark.parametrize("name", ["mockidp.yaml", "tenant.yaml"])
def test_a_file_of_sections_must_be_a_mapping(export, name):
    assert refused(export({name: "[]"})) == [
        f"{name}:1: found something other than a mapping, expected a mapping of sections"
    ]


def test_mistakes_name_the_file_the_line_and_the_path_within_the_file(export):
    directory = export(
        {
            "tenant.json": {"friendly_name": 5},
            "clients/One.json": {"name": "One", "callbacks": ["x"], "calbacks": []},
            "clients/Two.json": [],
            "attack-protection/brute-force-protection.json": "{]",
            "mockidp.yaml": "users:\n  - user_id: ann\n",
        }
    )
    assert refused(directory) == [
        ("attack-protection/brute-force-protection.json:1: found text that is not YAML "
        "(did not find expected node content), expected YAML or JSON"),
        ("clients/One.json:4: callbacks[0]: found the string 'x', "
        "expected an absolute URL such as http://localhost:3000/callback"),
        ("clients/One.json:6: calbacks: found an unknown key, expected a key that Auth0 or mockidp "
        "knows; did you mean callbacks?"),
        "clients/Two.json:1: found a list, expected a mapping with client_id",
        ("mockidp.yaml:2: users[0].user_id: found the string 'ann', "
        "expected the full id, such as auth0|alice"),
        "tenant.json:2: friendly_name: found the number 5, expected a string",
    ]  # fmt: skip


def test_a_repeated_id_names_the_file_of_the_first(export):
    one = {"name": "A", "client_id": "x"}
    directory = export({"clients/A.json": one, "clients/B.json": one})
    assert refused(directory)[0] == (
        f"clients/B.json:3: client_id: found 'x' again, after {directory}/clients/A.json, "
        "expected each client_id once"
    ).replace(f"{directory}/", "")
    (note,) = load_tenant(
        export({"clients/A.json": {"name": "A"}, "clients/B.json": {"name": "A"}})
    ).notes
    assert note.text == f"'A' again, after {directory}/clients/A.json"


def test_a_field_that_auth0_added_later_is_a_note(export):
    new = {"name": "One", "brand_new_field": {"a": 1}}
    directory = export({"clients/A.json": new, "clients/B.json": {**new, "name": "Two"}})
    document = load_tenant(directory)
    (note,) = document.notes
    assert str(note).endswith("A.json:3: brand_new_field: unknown to mockidp, and ignored")
    assert document.clients[0].extra == {"brand_new_field": {"a": 1}}


def test_files_that_do_not_belong_to_an_export_cause_notes(export):
    directory = export(
        {
            "tenant.json": {},
            "config.json": {"AUTH0_DOMAIN": "x"},
            "clients/.hidden.json": "",
            "README.md": "",
            "clients/deeper/x.txt": "",
            "guardian/unknown.json": {},
            "node_modules/x.json": {},
            "old.yaml": "",
        }
    )
    notes = load_tenant(directory).notes
    assert [note.file.removeprefix(f"{directory}/") for note in notes] == [
        "config.json", "node_modules", "old.yaml", "guardian/unknown.json",
    ]  # fmt: skip
    assert {note.text for note in notes} == {
        "not read: not part of the Deploy CLI's directory format"
    }


@pytest.mark.parametrize("name", ["mockidp.yml", "mockidp.json", "users.json"])
def test_the_note_on_a_misnamed_file_names_the_right_one(export, name):
    notes = load_tenant(export({"tenant.json": {"friendly_name": "A"}, name: {}})).notes
    [note] = notes
    assert note.text.endswith("format: users and settings are read from mockidp.yaml")
