"""Exports as directories: files that are missing, misplaced, linked or too large."""

import json
import os
from pathlib import Path

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.tenant.config import export_directory, export_files
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.content.document import TenantDocument

EXPORTS = Path(__file__).parents[2] / "fixtures" / "exports"


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


@pytest.mark.parametrize("name", ["tenant.json", "tenant.yaml"])
def test_an_export_in_a_subdirectory_is_suggested(export, name):
    [mistake] = refused(export({f"a/{name}": {}, "b/readme.txt": ""}))
    assert mistake.endswith("that the Deploy CLI exported; did you mean a?")


def test_empty_entries_are_left_out_as_in_the_deploy_cli(export):
    assert load_tenant(export({"clients/A.json": {}})).clients == ()


def test_a_part_of_a_section_that_is_not_a_mapping_is_left_out(export):
    directory = export(
        {
            "branding/branding.json": {"templates": 5},
            "branding/templates/a.json": {"body": "a.html"},
        }
    )
    assert load_tenant(directory).not_acted_on == ("branding",)


def test_a_section_that_is_not_a_mapping_is_reported_once(export):
    files = {"prompts/prompts.json": [], "prompts/custom-text.json": {"login": {}}}
    [mistake] = refused(export(files))
    assert mistake == "prompts/prompts.json:1: found a list, expected a mapping"


def test_the_error_about_a_directory_without_a_tenant_mentions_docker(tmp_path):
    assert refused(tmp_path) == [
        (
            "DIR: found a directory (Docker creates one if the file to mount does not exist), "
            "expected a tenant file, YAML or JSON, or a directory that the Deploy CLI exported"
        )
    ]


def test_an_export_can_be_empty(export):
    directory = export({"clients/.keep": "", "grants/.keep": ""})
    assert load_tenant(directory) == TenantDocument()
    (directory / "src").mkdir()
    assert len(refused(directory)) == 1


def test_a_file_in_place_of_a_folder_is_refused(export):
    assert refused(export({"tenant.json": {}, "guardian": ""})) == [
        "guardian: found a file, expected a folder"
    ]


def test_nothing_outside_the_directory_is_read(export, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "one.json").write_text('{"name": "Secret"}')
    directory = export({"tenant.json": {}})
    (directory / "clients").mkdir()
    (directory / "clients" / "one.json").symlink_to(tmp_path / "secret" / "one.json")
    (directory / "roles").symlink_to(tmp_path / "secret")
    assert refused(directory) == [
        ("clients/one.json: found a link that leaves the directory, "
        "expected a file or folder of a Deploy CLI export"),
        "roles: found a link that leaves the directory, expected a file or folder of a Deploy CLI export",
    ]  # fmt: skip


def test_links_within_the_directory_are_followed(export):
    directory = export({"..data/tenant.json": {"friendly_name": "Mounted"}})
    (directory / "tenant.json").symlink_to("..data/tenant.json")
    assert load_tenant(directory).tenant.friendly_name == "Mounted"


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda path: path.symlink_to(path), "an entry that cannot be read (Too many levels of symbolic links)"),
        (lambda path: path.symlink_to("gone"), "an entry that cannot be read (No such file or directory)"),
        (lambda path: path.mkdir(), "something other than a regular file"),
        (os.mkfifo, "something other than a regular file"),
        (lambda path: path.write_bytes(b"{\xff"), "a byte that is not UTF-8 at 1"),
    ],
)  # fmt: skip
def test_anything_but_a_text_file_is_reported_in_one_line(export, make, found):
    directory = export({"tenant.json": {}, "clients/a.json": {}})
    make(directory / "clients" / "b.json")
    assert refused(directory) == [
        f"clients/b.json: found {found}, expected a file or folder of a Deploy CLI export"
    ]


def test_a_control_character_is_refused_with_its_line(export):
    directory = export({"clients/a.json": '{\n"name": "\x01"}'})
    assert refused(directory)[0].startswith("clients/a.json:2: found the character U+0001")


def test_all_files_together_are_limited(export, monkeypatch):
    clients = {f"clients/{i}.json": {"name": str(i)} for i in range(4)}
    directory = export(clients)
    monkeypatch.setattr(export_files, "MAX_FILES", 3)
    assert refused(directory)[0].startswith("clients/3.json: found more than 3 files")
    monkeypatch.setattr(export_files, "MAX_BYTES", 20)
    assert refused(directory)[0] == (
        "clients/1.json: found more than 20 bytes in all files, "
        "expected a file or folder of a Deploy CLI export"
    )


def test_all_values_together_are_limited(export, monkeypatch):
    monkeypatch.setattr(export_directory, "MAX_NODES", 200)
    many = {"name": "x", "client_metadata": {"list": [0] * 120}}
    directory = export({"clients/0.json": many, "clients/1.json": many})
    assert refused(directory) == [
        "clients/1.json:1: found more than 200 values in all files, expected a smaller export"
    ]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("tenant.json", "the settings of a tenant"),
        ("clients/Harbour Shop.json", "a client"),
        ("resource-servers/Catalogue API.json", "an API"),
        ("grants/Harbour-Backoffice-Catalogue API.json", "a client grant"),
        ("database-connections/readers/database.json", "a connection"),
        ("connections/google-oauth2.json", "a connection"),
        ("roles/Librarian.json", "a role"),
        ("organizations/quay.json", "an organization"),
        ("actions/Add plan.json", "a part of a tenant"),
        ("prompts/custom-text.json", "a part of a tenant"),
    ],
)
def test_a_single_file_of_an_export_is_recognized(name, part):
    with pytest.raises(ConfigError) as error:
        load_tenant(EXPORTS / "directory" / name)
    assert str(error.value) == (
        f"{EXPORTS}/directory/{name}:1: found {part} alone, as in the directory format of the "
        f"Deploy CLI, expected a tenant file, or the directory of the export: {EXPORTS}/directory"
    )


def test_a_single_file_is_recognized_in_its_own_folder(monkeypatch):
    monkeypatch.chdir(EXPORTS / "directory" / "clients")
    with pytest.raises(ConfigError, match=f"the directory of the export: {EXPORTS}/directory$"):
        load_tenant(Path("Harbour Shop.json"))


def test_a_whole_tenant_can_be_named_tenant_json(tmp_path):
    path = tmp_path / "tenant.json"
    path.write_text('{"clients": [], "cleints": []}')
    with pytest.raises(ConfigError, match="cleints: found an unknown key"):
        load_tenant(path)


def test_a_single_resource_in_another_folder_is_recognized(tmp_path):
    path = tmp_path / "app.json"
    path.write_text('{"name": "One", "app_type": "spa"}')
    with pytest.raises(ConfigError) as error:
        load_tenant(path)
    assert str(error.value).endswith("expected a tenant file, or the directory of the export")


def test_surrogate_pairs_in_json_escapes_are_decoded(export):
    directory = export(
        {"tenant.json": r'{"friendly_name": "\ud83d\udcda, \\ud83d\\udcda, \\\uD83D\uDCDA"}'}
    )
    assert load_tenant(directory).tenant.friendly_name == r"📚, \ud83d\udcda, \📚"


def test_scopes_of_an_exported_api_can_be_strings(tmp_path):
    folder = tmp_path / "resource-servers"
    folder.mkdir()
    (folder / "API.json").write_text('{"identifier": "urn:a", "name": "API", "scopes": ["read:a"]}')
    (api,) = load_tenant(tmp_path).resource_servers
    assert api.scope_values == ("read:a",)
