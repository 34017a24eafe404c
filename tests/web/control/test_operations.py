"""The other operations: their effects and errors."""

import threading

import pytest

V1 = "/_mockidp/v1"
FORM = {
    "grant_type": "client_credentials", "client_id": "jobs", "client_secret": "jobs-secret",
    "audience": "https://api.acme.example/",
}  # fmt: skip


def get(control, path):
    return control.send("GET", V1 + path)


def detail(answer, status=400):
    assert answer.status_code == status, answer.text
    return answer.json["detail"]


def errors(answer):
    assert answer.status_code == 400, answer.text
    return [one.get("pointer", one.get("parameter")) for one in answer.json["errors"]]


def test_the_tenant_is_replaced_and_changed_in_part(control):
    put = control.send("PUT", V1 + "/tenant", json={"users": [{"user_id": "auth0|x"}]})
    assert put.json == get(control, "/tenant").json
    assert [one["user_id"] for one in put.json["users"]] == ["auth0|x"]
    assert "clients" not in put.json
    changes = {"tenant": {"friendly_name": "Acme"}, "users": None, "mockidp": {"issuer": None}}
    patched = control.send("PATCH", V1 + "/tenant", json=changes)
    assert patched.json["tenant"]["friendly_name"] == "Acme"
    assert "users" not in patched.json


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_mistake_in_the_tenant_is_located(control, method):
    body = {"users": [{"user_id": "auth0|x", "app_metadata": 5}], "clients": ["web"], "a/b": {}}
    answer = control.send(method, V1 + "/tenant", json=body)
    assert sorted(errors(answer)) == ["/a~1b", "/clients/0", "/users/0/app_metadata"]


def test_a_mistake_outside_of_the_patch_has_no_pointer(control):
    grant = {"client_id": "jobs", "audience": "https://api.acme.example/"}
    control.send("PATCH", V1 + "/tenant", json={"clientGrants": [grant]})
    for change in ({"clients": []}, {"clients": None, "clientGrants": {}}):
        answer = control.send("PATCH", V1 + "/tenant", json=change)
        assert answer.status_code == 400
    assert errors(answer) == ["/clientGrants"]
    answer = control.send("PATCH", V1 + "/tenant", json={"clients": []})
    (problem,) = answer.json["errors"]
    assert problem["detail"].startswith("clientGrants[0].client_id: found the string 'jobs'")
    assert list(problem) == ["detail"]


def test_a_user_signs_in_once_and_an_unknown_user_is_refused(control):
    assert control.call("sign-ins", user="alice", client="web").status_code == 204
    assert "no user 'zoe'" in detail(control.call("sign-ins", user="zoe"))
    assert "no client 'x'" in detail(control.call("sign-ins", user="alice", client="x"))
    assert errors(control.call("sign-ins")) == ["/user"]
    unknown = control.call("sign-ins", user="alice", organization="x")
    assert "no organization 'x'" in detail(unknown)


def test_faults_are_added_listed_and_canceled(control):
    added = control.call("faults", endpoint="token", status=503, times=1)
    name = added.json["name"]
    assert added.json | {"matched": 0, "fired": 0} == added.json
    assert control.send("POST", "/oauth/token", data=FORM).status_code == 503
    assert get(control, f"/faults/{name.replace(' ', '%20')}").json["fired"] == 1
    control.call("faults", endpoint="token", name="a/b|c", drop=True)
    assert [one["name"] for one in get(control, "/faults").json["items"]] == [name, "a/b|c"]
    raw = {"REQUEST_URI": V1 + "/faults/a%2Fb%7Cc"}
    gone = control.send("DELETE", V1 + "/faults/a/b|c", environ_overrides=raw)
    assert gone.status_code == 204
    assert [one["name"] for one in get(control, "/faults").json["items"]] == [name]
    assert control.send("DELETE", V1 + "/faults").status_code == 204
    assert get(control, "/faults").json == {"items": []}
    assert detail(get(control, "/faults/x"), 404) == "There is no fault 'x'. Known: none."


def test_a_mistake_in_a_fault_is_located(control):
    answer = control.call("faults", endpoint="tokn", probability=2, when={"usr": "x"})
    assert errors(answer) == ["/endpoint", "/probability", "/when/usr"]
    assert "did you mean token?" in answer.json["detail"]


def test_the_clock_is_frozen_set_advanced_and_resumed(control):
    frozen = control.call("clock", freeze="2030-01-31T12:00:00Z", skew=5).json
    assert frozen == {"now": 1896091200.0, "frozen": True, "offset": frozen["offset"], "skew": 5}
    assert control.call("clock", advance=60).json["now"] == 1896091260.0
    assert control.call("clock", set="2030-01-31T13:00:00+01:00").json["now"] == 1896091200.0
    assert control.call("clock", freeze="now").json["now"] == 1896091200.0
    resumed = control.call("clock", resume=True).json
    assert not resumed["frozen"]
    assert control.call("clock", offset=0).json["offset"] == 0
    assert get(control, "/clock").json["skew"] == 5


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, "Send one of `freeze`, `set`"),
        (
            {"advance": 1, "resume": True},
            "Parameters `advance` and `resume` contradict each other.",
        ),
        ({"freeze": "2030-01-31"}, "has no time zone"),
        ({"freeze": "soon"}, "Expected a time, found 'soon'."),
        ({"set": "9999-12-31T23:59:59-23:00"}, "outside the years"),
        ({"skew": 1e300}, "is more seconds than a clock can be ahead"),
        ({"advance": 10**400}, "Expected a number of seconds, found"),
        ({"skew": 10**400}, "Expected a number of seconds, found"),
        ({"advance": 10, "skew": 1e300}, "is more seconds than a clock can be ahead"),
        ({"advance": "1"}, "/advance: found the string '1', expected a number"),
    ],
)
def test_a_refused_change_does_not_move_the_clock(control, body, problem):
    before = get(control, "/clock").json
    assert problem in detail(control.call("clock", **body))
    assert get(control, "/clock").json == before


def test_a_time_out_of_range_is_refused(control):
    answer = control.send(
        "POST", V1 + "/clock", data=b'{"advance":1e400}', content_type="application/json"
    )
    assert "the number 1e400 is too large" in detail(answer)


def test_the_journal_is_queried_and_cleared(control):
    control.send("POST", "/oauth/token", data=FORM | {"client_id": "12345"})
    control.send("POST", "/oauth/token", data=FORM)
    assert [one["number"] for one in get(control, "/journal").json["items"]] == [1, 2]
    for query, numbers in {
        "endpoint=token&method=POST": [1, 2],
        "client=12345": [1],
        "client=jobs": [2],
        "status=401": [1],
        "after=1": [2],
        "endpoint=userinfo": [],
        "times=2&wait_seconds=0.5": [1, 2],
        "times=0&wait_seconds=60&user=alice": [],
    }.items():
        found = get(control, f"/journal?{query}").json["items"]
        assert [one["number"] for one in found] == numbers, query
    assert control.send("DELETE", V1 + "/journal").status_code == 204
    assert get(control, "/journal").json == {"items": []}


def test_a_waiting_call_returns_when_the_exchange_happens(control):
    answers = []
    path = "/journal?endpoint=token&after=0&wait_seconds=30"
    waiting = threading.Thread(target=lambda: answers.append(get(control, path)))
    waiting.start()
    control.send("POST", "/oauth/token", data=FORM)
    waiting.join(20)
    assert [one["endpoint"] for one in answers[0].json["items"]] == ["token"]


def test_a_timeout_reports_the_other_exchanges(control):
    control.send("POST", "/oauth/token", data=FORM)
    problem = detail(get(control, "/journal?endpoint=userinfo&wait_seconds=0"), 408)
    assert "There was 1 exchange" in problem


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("wait_seconds=60.5", ["wait_seconds"]),
        ("wait_seconds=-1&times=-1&after=-1", ["after", "wait_seconds", "times"]),
        ("status=ok", ["status"]),
        ("status=1.5", ["status"]),
        ("times=1e99", ["times"]),
        ("wait_seconds=nan", ["wait_seconds"]),
        ("usr=alice", ["usr"]),
    ],
)
def test_a_mistake_in_a_query_names_its_parameter(control, query, parameters):
    assert errors(get(control, f"/journal?{query}")) == parameters


@pytest.mark.parametrize("wait", ["", "&wait_seconds=60"])
def test_an_impossible_condition_is_refused_without_waiting(control, wait):
    assert "no endpoint 'tokn'" in detail(get(control, f"/journal?endpoint=tokn{wait}"))
    assert "no user 'zoe'" in detail(get(control, f"/journal?user=zoe{wait}"))


def test_the_outbox_is_queried_and_cleared(control):
    message = {"to": "alice@acme.example", "kind": "verify_email", "text": "Open the link"}
    control.tenant.outbox.send(**message, subject="Verify", link="https://x/verify")
    [sent] = control.tenant.outbox
    assert get(control, "/outbox?kind=verify_email").json == {
        "items": [
            {
                "number": 1,
                "at": sent.at,
                **message,
                "subject": "Verify",
                "link": "https://x/verify",
                "code": None,
                "user_id": None,
                "client_id": None,
            }
        ]
    }
    assert get(control, "/outbox?to=bob@acme.example").json == {"items": []}
    assert "The outbox contains:" in detail(get(control, "/outbox?kind=sms&wait_seconds=0"), 408)
    assert "no user 'zoe'" in detail(get(control, "/outbox?user=zoe"))
    assert errors(get(control, "/outbox?knd=sms")) == ["knd"]
    assert errors(get(control, "/outbox?after=-1")) == ["after"]
    assert control.send("DELETE", V1 + "/outbox").status_code == 204
    assert get(control, "/outbox").json == {"items": []}


def test_an_unknown_query_parameter_is_refused(control):
    assert errors(get(control, "/users?limit=5")) == ["limit"]


def test_keys_are_rotated_and_revoked(control):
    first, following = (one["kid"] for one in get(control, "/keys").json["items"])
    assert control.call("keys/rotate").json == {"kid": following}
    standing = {one["kid"]: one["standing"] for one in get(control, "/keys").json["items"]}
    assert (standing[first], standing[following]) == ("previous", "current")
    assert sorted(standing.values()) == ["current", "next", "previous"]
    problem = detail(control.send("DELETE", f"{V1}/keys/{following}"), 404)
    assert problem == f"No previous key has the kid {following!r}. Known: {first}."
    assert control.send("DELETE", f"{V1}/keys/{first}").status_code == 204
    assert "Known: none." in detail(control.send("DELETE", f"{V1}/keys/{first}"), 404)


def test_an_empty_body_is_an_empty_object(control):
    for path in ("/reset", "/keys/rotate"):
        answer = control.send("POST", V1 + path, data=b"", content_type="application/json")
        assert answer.status_code in (200, 204)
        assert errors(control.send("POST", V1 + path, json={"x": 1})) == ["/x"]


def test_a_snapshot_is_restored(control):
    kept = get(control, "/snapshot").json
    control.call("users", user_id="auth0|zoe")
    assert control.send("PUT", V1 + "/snapshot", json=kept).status_code == 204
    assert get(control, "/users/auth0|zoe").status_code == 404
    control.call("users", user_id="auth0|zoe")
    assert control.send("POST", V1 + "/reset", json={}).status_code == 204
    assert get(control, "/users/auth0|zoe").status_code == 404


def test_a_mistake_in_a_snapshot_is_located(control):
    kept = get(control, "/snapshot").json
    kept["document"]["users"][0]["emial"] = "x"
    answer = control.send("PUT", V1 + "/snapshot", json=kept)
    assert errors(answer) == ["/document/users/0/emial"]
    kept["document"] = []
    assert "/document: expected a mapping" in detail(
        control.send("PUT", V1 + "/snapshot", json=kept)
    )


def nested(depth):
    return b'{"a":' * depth + b"1" + b"}" * depth


def test_a_body_that_is_nested_too_deeply_is_refused(control):
    body = b'{"user_id":"auth0|x","app_metadata":%s}'
    for depth, status, detail in (
        (62, 200, None),
        (64, 400, "nested deeper than 64 levels"),
        (900, 400, "more than 200 levels"),
    ):
        answer = control.send(
            "POST", V1 + "/users", data=body % nested(depth), content_type="application/json"
        )
        assert answer.status_code == status, depth
        assert detail is None or detail in answer.json["detail"]
    kept = get(control, "/snapshot").json
    assert control.send("PUT", V1 + "/snapshot", json=kept).status_code == 204
    made = control.call("tenants", name="deep", tenant=kept["document"])
    assert made.status_code == 201
