"""Bodies with very many mistakes."""

import logging

import pytest

MANY = {f"unknown_{number}": 1 for number in range(3000)}


@pytest.mark.parametrize(
    ("what", "body", "rest"),
    [
        ("faults", {"endpoint": "token", "rate_limit": True, **MANY}, "and 2900 more"),
        ("users", {"user_id": "auth0|x", **MANY}, "and 2900 more"),
        ("tenants", {"name": "new", "tenant": {"clients": [{"client_id": "x", **MANY}]}}, "and "),
        ("tenants", {"name": "new", "snapshot": {"document": MANY}}, ""),
    ],
)
def test_the_answer_and_the_log_line_are_bounded(control, caplog, what, body, rest):
    caplog.set_level(logging.INFO, logger="mockidp")
    answer = control.call(what, **body)
    assert answer.status_code == 400
    assert rest in answer.json["detail"]
    assert len(answer.data) < 200_000
    assert len(answer.json.get("errors", ())) <= 100
    assert all(len(record.getMessage()) < 2000 for record in caplog.records)


def test_a_patch_reports_the_rest_as_well(control):
    answer = control.send("PATCH", "/_mockidp/v1/tenant", json={"clients": [MANY]})
    assert answer.status_code == 400
    assert answer.json["detail"].endswith("more")


UNKNOWN_FIELD = {"clients": [{"client_id": "web", "invented_by_auth0": True}]}


def test_an_unknown_field_is_rejected_unless_the_caller_is_lenient(control):
    refused = control.send("PUT", "/_mockidp/v1/tenant", json=UNKNOWN_FIELD)
    assert refused.status_code == 400
    assert [one["pointer"] for one in refused.json["errors"]] == ["/clients/0/invented_by_auth0"]
    taken = control.send("PUT", "/_mockidp/v1/tenant?lenient=true", json=UNKNOWN_FIELD)
    assert taken.status_code == 200
    refused = control.call("tenants", name="new", tenant=UNKNOWN_FIELD)
    assert refused.status_code == 400
    assert (
        control.call("tenants", name="new", tenant=UNKNOWN_FIELD, lenient=True).status_code == 201
    )
