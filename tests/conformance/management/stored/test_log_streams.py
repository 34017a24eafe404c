"""Log streams: an example of a list of stored objects."""

import pytest

from helpers.management import granting
from helpers.tenant_client import hint
from mockidp.codec.write import to_file
from mockidp.tenant.config.plain import structure_tenant

PATH = "/log-streams"
HTTP = {
    "name": "audit",
    "type": "http",
    "sink": {"httpEndpoint": "https://logs.example/", "httpAuthorization": "Bearer s3cret"},
}


@pytest.fixture
def stream(idp):
    answer = idp.call("POST", PATH, HTTP)
    assert answer.status_code == 200
    return answer.json


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def test_a_new_stream_has_defaults_in_auth0s_order(stream):
    assert list(stream) == ["id", "name", "type", "status", "sink", "filters", "isPriority"]
    assert stream["id"].startswith("lst_")
    assert len(stream["id"]) == 20
    assert (stream["status"], stream["filters"], stream["isPriority"]) == ("active", [], False)
    assert stream["sink"] == HTTP["sink"]


def test_it_is_listed_and_found(idp, stream):
    assert idp.call("GET", PATH).json == [stream]
    assert idp.call("GET", f"{PATH}/{stream['id']}").json == stream
    assert idp.call("GET", f"{PATH}/{stream['id']}", fields="name").json == {"name": "audit"}


def test_an_update_keeps_the_secrets_of_the_sink_that_it_leaves_out(idp, stream):
    sink = {"httpEndpoint": "https://other.example/"}
    changed = idp.call("PATCH", f"{PATH}/{stream['id']}", {"sink": sink, "status": "paused"})
    assert changed.json == stream | {"status": "paused", "sink": stream["sink"] | sink}
    assert idp.call("GET", f"{PATH}/{stream['id']}").json == changed.json


def test_null_removes_a_member_that_is_merged(idp, stream):
    changed = idp.call("PATCH", f"{PATH}/{stream['id']}", {"sink": None})
    assert changed.json == {name: one for name, one in stream.items() if name != "sink"}


def test_deleting_it_twice_is_no_error(idp, stream):
    for _ in range(2):
        gone = idp.call("DELETE", f"{PATH}/{stream['id']}")
        assert (gone.status_code, gone.data) == (204, b"")
    assert idp.call("GET", PATH).json == []
    assert error(idp.call("GET", f"{PATH}/{stream['id']}")) == (
        404,
        "The log stream does not exist.",
        None,
    )


def test_a_stream_of_a_tenant_file_has_the_same_id_at_every_start(make_idp):
    document = structure_tenant({"logStreams": [HTTP]})
    first, second = (make_idp(document=granting(document=document)) for _ in range(2))
    [stream] = first.call("GET", PATH).json
    assert stream == {"id": stream["id"], **HTTP}
    assert second.call("GET", PATH).json == [stream]


def test_the_exported_tenant_file_has_the_stream(make_idp):
    idp = make_idp(document=granting(document=structure_tenant({})))
    stream = idp.call("POST", PATH, HTTP).json
    exported = to_file(idp.tenant.document)
    assert exported["logStreams"] == [stream]
    assert structure_tenant(exported).extra["logStreams"] == [stream]


def test_another_stream_has_another_id_after_a_change_of_names(idp, stream):
    path = f"{PATH}/{stream['id']}"
    assert idp.call("PATCH", path, {"name": "old"}).json["name"] == "old"
    other = idp.call("POST", PATH, HTTP).json
    assert other["id"] != stream["id"]
    assert [one["name"] for one in idp.call("GET", PATH).json] == ["old", "audit"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"name": "audit", "sink": {}}, "'Missing required property: type'"),
        ({**HTTP, "sink": []}, "'Expected type object but found type array' on property sink"),
        ({**HTTP, "id": "lst_1"}, "'Additional properties not allowed: id'"),
    ],
)
def test_a_wrong_body_is_refused(idp, body, reason):
    refused = idp.call("POST", PATH, body)
    assert error(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")
    assert idp.call("GET", PATH).json == []


def test_a_second_stream_with_the_name_is_refused(idp, stream):
    refused = idp.call("POST", PATH, HTTP)
    assert refused.status_code == 409
    assert hint(refused) == (
        "The log stream 'audit' exists. Change it with PATCH, or choose another name."
    )
    assert idp.call("GET", PATH).json == [stream]


def test_the_type_cannot_be_changed(idp, stream):
    refused = idp.call("PATCH", f"{PATH}/{stream['id']}", {"type": "datadog"})
    assert error(refused)[:2] == (
        400,
        "Payload validation error: 'Additional properties not allowed: type'.",
    )
