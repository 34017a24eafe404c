"""Event streams: stored without sending events, with secrets that are never shown."""

import pytest

from helpers.management import granting
from helpers.tenant_client import hint
from mockidp.codec.write import to_file
from mockidp.tenant.config.plain import structure_tenant

PATH = "/event-streams"
UNKNOWN = f"{PATH}/est_{'x' * 22}"


def webhook(**authorization):
    return {
        "type": "webhook",
        "configuration": {
            "webhook_endpoint": "https://events.example/",
            "webhook_authorization": authorization,
        },
    }


USERS = {
    "name": "Users",
    "subscriptions": [{"event_type": "user.created"}],
    "destination": webhook(method="bearer", token="s3cret"),
}


@pytest.fixture
def stream(idp):
    answer = idp.call("POST", PATH, USERS)
    assert answer.status_code == 201
    return answer.json


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def test_a_new_stream_is_enabled(stream):
    assert list(stream) == [
        "id", "name", "subscriptions", "destination", "status", "created_at", "updated_at",
    ]  # fmt: skip
    assert stream["id"].startswith("est_")
    assert len(stream["id"]) == 26
    assert stream["status"] == "enabled"
    assert stream["destination"] == webhook(method="bearer")


@pytest.mark.parametrize(
    ("authorization", "shown"),
    [
        ({"method": "basic", "username": "me", "password": "s3cret"},
         {"method": "basic", "username": "me"}),
        ({"method": "custom_header", "header_key": "X-Key", "header_value": "s3cret"},
         {"method": "custom_header", "header_key": "X-Key"}),
    ],
)  # fmt: skip
def test_secrets_of_a_webhook_are_never_shown_and_kept(idp, authorization, shown):
    stream = idp.call("POST", PATH, {**USERS, "destination": webhook(**authorization)}).json
    assert stream["destination"] == webhook(**shown)
    changed = {"destination": webhook(**shown)}
    assert idp.call("PATCH", f"{PATH}/{stream['id']}", changed).json["destination"] == webhook(
        **shown
    )
    [entry] = to_file(idp.tenant.document)["eventStreams"]
    assert entry["destination"] == webhook(**authorization)


def test_the_list_is_an_object_with_checkpoints(idp, stream):
    assert idp.call("GET", PATH).json == {"eventStreams": [stream]}
    idp.call("POST", PATH, {**USERS, "name": "Other"})
    first = idp.call("GET", PATH, take="1").json
    assert list(first) == ["eventStreams", "next"]
    second = idp.call("GET", PATH, **{"take": "1", "from": first["next"]}).json
    assert [one["name"] for one in second["eventStreams"]] == ["Other"]
    assert "next" not in second


def test_a_stream_is_changed_and_deleted_twice(idp, stream):
    one = f"{PATH}/{stream['id']}"
    changed = idp.call("PATCH", one, {"status": "disabled"}).json
    assert changed == {**stream, "status": "disabled", "updated_at": changed["updated_at"]}
    assert idp.call("GET", one).json == changed
    for _ in range(2):
        gone = idp.call("DELETE", one)
        assert (gone.status_code, gone.data) == (204, b"")
    assert error(idp.call("GET", one)) == (404, "The requested stream does not exist.", None)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_id_of_another_form_is_refused(idp, method):
    refused = idp.call(method, f"{PATH}/est_x")
    assert error(refused) == (
        400,
        (
            "Path validation error: 'Object didn't pass validation for format event-stream-id: est_x' "
            "on property id."
        ),
        "invalid_uri",
    )
    assert hint(refused) == "The id of an event stream is `est_` and 22 letters and digits."


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"name": "Users"}, "'Missing required property: destination'"),
        ({**USERS, "destination": "webhook"},
         "'Expected type object but found type string' on property destination"),
        ({**USERS, "created_at": "now"}, "'Additional properties not allowed: created_at'"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, body, reason):
    refused = idp.call("POST", PATH, body)
    assert error(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")


def test_an_unknown_stream_is_refused(idp):
    assert error(idp.call("GET", UNKNOWN)) == (404, "The requested stream does not exist.", None)


def test_the_name_of_an_action_in_an_exported_file_becomes_its_id(make_idp):
    destination = {"type": "action", "configuration": {"action_id": "Greet"}}
    document = structure_tenant(
        {
            "actions": [{"name": "Greet", "supported_triggers": [{"id": "event-stream"}]}],
            "eventStreams": [{"name": "Users", "destination": destination}],
        }
    )
    idp = make_idp(document=granting(document=document))
    [action] = idp.call("GET", "/actions/actions").json["actions"]
    [stream] = idp.call("GET", PATH).json["eventStreams"]
    assert stream["destination"]["configuration"] == {"action_id": action["id"]}


def test_another_destination_has_none_of_the_secrets(idp, stream):
    bridge = {"type": "eventbridge"}
    idp.call("PATCH", f"{PATH}/{stream['id']}", {"destination": bridge})
    [entry] = to_file(idp.tenant.document)["eventStreams"]
    assert entry["destination"] == bridge
