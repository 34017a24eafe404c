"""Jobs of the Management API that export users to a file."""

import csv
import gzip
import json
from io import StringIO

import pytest

from helpers.acme import ACME, PASSWORD_OF_ALL

PATH = "/jobs/users-exports"


def export(idp, **body):
    """Create a job. Return it as it is later, and the text of its file."""
    answer = idp.call("POST", PATH, body)
    assert answer.status_code == 200, answer.text
    assert (answer.json["status"], answer.json.get("location")) == ("pending", None)
    job = idp.call("GET", f"/jobs/{answer.json['id']}").json
    assert job["status"] == "completed"
    file = idp.get(job["location"].removeprefix(idp.url))
    assert (file.status_code, file.content_type) == (200, "application/gzip")
    return job, gzip.decompress(file.data).decode()


def test_all_users_are_exported_as_lines_of_json(idp):
    job, text = export(idp)
    users = [json.loads(line) for line in text.splitlines()]
    assert users == idp.call("GET", "/users").json
    assert ".json.gz?ticket=" in job["location"]
    assert PASSWORD_OF_ALL not in text


def test_fields_are_selected_and_renamed(idp):
    idp.call("PATCH", "/users/auth0%7Calice", {"app_metadata": {"plan": "gold"}})
    fields = [
        {"name": "email"},
        {"name": "app_metadata.plan", "export_as": "plan"},
        {"name": "identities[0].provider", "export_as": "provider"},
        {"name": "identities[9].provider", "export_as": "none"},
        {"name": f"identities[{'9' * 5000}]", "export_as": "none"},
        {"name": "email.none"},
    ]
    _, text = export(idp, fields=fields, limit=1)
    assert json.loads(text) == {"email": "alice@acme.example", "plan": "gold", "provider": "auth0"}


def test_the_users_of_a_connection_are_exported_as_csv(idp):
    body = {"name": "other", "strategy": "auth0", "enabled_clients": ["manager"]}
    idp.call("POST", "/connections", body)
    new = {"connection": "other", "email": "o@acme.example", "password": "Passw0rd!"}
    idp.call("POST", "/users", new)
    connection_id = idp.call("GET", "/connections", name="other").json[0]["id"]
    job, text = export(idp, connection_id=connection_id, format="csv")
    assert list(job) == [
        "type", "status", "connection_id", "format", "connection", "location", "created_at", "id",
    ]  # fmt: skip
    (row,) = csv.DictReader(StringIO(text))
    assert (row["email"], row["email_verified"], row["username"]) == ("o@acme.example", "false", "")


def test_a_file_is_found_only_at_its_own_url(idp):
    job, _ = export(idp)
    wrong = idp.get("/api/v2/exports/users.json.gz", ticket="none")
    assert (wrong.status_code, wrong.json["message"]) == (404, "Not Found")
    types = [one["type"] for one in idp.call("GET", "/logs").json]
    assert types == ["fapi", "mgmt_api_read", "sapi", "seccft"]  # none for the file itself
    idp.later(86400)
    assert idp.get(job["location"].removeprefix(idp.url)).status_code == 404


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"none": 1}, "Additional properties not allowed: none"),
        ({"format": "xml"}, "Expected json or csv"),
        ({"limit": 0}, "Expected a number from 1"),
        ({"fields": 1}, "Expected type array of objects"),
        ({"connection_id": {"id": "con_1"}}, "Expected type string"),
        ({"fields": [1]}, "Expected type array of objects"),
        ({"fields": [{}]}, "Missing required property: name"),
        ({"fields": [{"name": 1}]}, "Expected type string"),
    ],
)
def test_a_wrong_request_is_refused(make_idp, body, reason):
    answer = make_idp(document=ACME).call("POST", PATH, body)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert answer.json["message"].startswith(f"Payload validation error: '{reason}")


def test_an_unknown_connection_is_not_found(idp):
    assert idp.call("POST", PATH, {"connection_id": "con_none"}).status_code == 404
