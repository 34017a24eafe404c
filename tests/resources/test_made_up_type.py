"""A resource type that only the registry lists works on every interface."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

SCRIPT = Path(__file__).with_name("made_up_type.py")
API = "https://api.acme.example/"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return the output of the script, which runs in its own process because it registers a type."""
    directory = tmp_path_factory.mktemp("made-up")
    command = [sys.executable, str(SCRIPT), str(directory)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def without_id(record):
    assert record["id"].startswith("lng_")
    assert len(record["id"]) == len("lng_") + 16
    return {name: value for name, value in record.items() if name != "id"}


def test_it_is_a_section_of_the_tenant_file(found):
    assert [without_id(one) for one in found["listed"]["items"]] == [
        {"name": "First", "host": "auth0|alice", "apis": [API]},
        {"name": "Second", "host": "auth0|bob"},
    ]


def test_check_lists_its_records(found):
    assert json.loads(found["check"])["lounges"] == [{"name": "First"}, {"name": "Second"}]


def test_check_finds_wrong_fields_references_and_keys(found):
    assert found["errors"].splitlines() == [
        "FILE:4: lounges[0].seats: found an unknown key, expected one of name, id, host, apis",
        (
            "FILE:4: lounges[0].host: found the string 'auth0|alcie', expected a user's id; did "
            "you mean auth0|alice?"
        ),
        "FILE:5: lounges[1].name: found 'First' again, after line 4, expected each name once",
        "FILE:6: lounges[2].name: found the string ' ', expected a non-empty string",
    ]


def test_records_are_added_read_patched_and_deleted_over_http(found):
    assert without_id(found["added"]) == {"name": "Third", "host": "auth0|alice"}
    assert found["by_id"] == found["added"]
    assert found["unknown"]["detail"] == "There is no lounge 'lng_Y'. Known: First, Second, Third."
    assert without_id(found["patched"]) == {"name": "Second"}
    assert found["deleted"] == 204


def test_a_record_is_checked_against_what_it_refers_to(found):
    assert found["refused"]["errors"][0]["pointer"] == "/host"
    assert found["refused"]["errors"][0]["detail"].startswith("found the string 'auth0|nobody'")


def test_deletions_cascade_as_its_references_declare(found):
    assert (found["api_deleted"], found["user_deleted"]) == (204, 204)
    assert [without_id(one) for one in found["after"]] == [{"name": "Second"}, {"name": "Third"}]


def test_a_snapshot_has_its_records(found):
    assert found["restored"] == 204
    assert [one["name"] for one in found["restored_lounges"]] == ["First", "Second", "Third"]
    assert found["restored_lounges"][0]["host"] == "auth0|alice"


def test_the_console_lists_its_records(found):
    assert "First" in found["page"]
    assert "/_mockidp/lounges/Second" in found["page"]


def test_it_is_a_section_of_the_exported_tenant_file(found):
    exported = yaml.safe_load(found["file"])["lounges"]
    assert [one["name"] for one in exported] == ["First", "Second"]


def test_openapi_describes_it(found):
    assert found["paths"] == ["/_mockidp/v1/lounges", "/_mockidp/v1/lounges/{id}"]
    assert found["schema"]["properties"]["name"] == {"type": "string", "description": "Its name."}
    assert found["schema"]["required"] == ["name"]
    assert found["section"]["description"] == "Places for waiting."
