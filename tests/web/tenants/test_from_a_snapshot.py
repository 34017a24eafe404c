"""An additional tenant that is created from a snapshot."""

import pytest

from helpers.tenant_client import bearer


def test_it_is_created_from_a_snapshot_and_reset_to_it(first):
    first.post("/_mockidp/v1/users", json_body={"user_id": "carol"})
    opaque = first.post("/_mockidp/v1/tokens", json_body={"user": "carol"}).json["access_token"]
    taken = first.get("/_mockidp/v1/snapshot").json
    made = first.at(first.make(name="copy", snapshot=taken)["url"])
    assert made.get("/userinfo", headers=bearer(opaque)).json["sub"] == "auth0|carol"
    made.request("DELETE", "/_mockidp/v1/users/auth0%7Ccarol")
    assert made.get("/userinfo", headers=bearer(opaque)).status_code != 200
    made.post("/_mockidp/v1/reset", json_body={})
    assert made.get("/userinfo", headers=bearer(opaque)).json["sub"] == "auth0|carol"


def test_it_is_created_from_a_snapshot_with_its_own_keys(first):
    taken = first.get("/_mockidp/v1/snapshot").json
    places = [first.at(first.make(snapshot=taken, own_keys=own)["url"]) for own in (False, True)]
    shared, own, ours = (
        {key["n"] for key in tenant_client.get("/.well-known/jwks.json").json["keys"]}
        for tenant_client in (*places, first)
    )
    assert shared == ours
    assert own.isdisjoint(ours)


def test_tenant_and_snapshot_together_are_refused(first):
    taken = first.get("/_mockidp/v1/snapshot").json
    refused = first.post("/_mockidp/v1/tenants", json_body={"snapshot": taken, "tenant": {}})
    assert refused.status_code == 400
    assert refused.json["detail"].endswith("Send only one of them.")


def test_a_mistake_is_located_in_the_body(first):
    def pointers(**body):
        refused = first.post("/_mockidp/v1/tenants", json_body=body)
        assert refused.status_code == 400
        return [one["pointer"] for one in refused.json["errors"]]

    wrong = {"users": [{"user_id": 5}]}
    taken = first.get("/_mockidp/v1/snapshot").json
    assert pointers(tenant=wrong) == ["/tenant/users/0/user_id"]
    where = ["/snapshot/document/users/0/user_id"]
    assert pointers(snapshot=taken | {"document": wrong}) == where


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mockidp_snapshot": 1}, "/snapshot/mockidp_snapshot: found version 1"),
        (None, "/snapshot"),
    ],
)
def test_an_invalid_snapshot_is_refused(first, change, message):
    taken = first.get("/_mockidp/v1/snapshot").json
    body = {"snapshot": taken | change if change else {}}
    refused = first.post("/_mockidp/v1/tenants", json_body=body)
    assert refused.status_code == 400
    assert refused.json["detail"].startswith(message)


def test_an_inconsistency_is_located_too(first):
    twice = {"users": [{"user_id": "auth0|zoe"}, {"user_id": "auth0|zoe"}]}
    refused = first.post("/_mockidp/v1/tenants", json_body={"tenant": twice})
    assert refused.status_code == 400
    assert [one.get("pointer", "/tenant")[:7] for one in refused.json["errors"]] == ["/tenant"]


def test_every_mistake_in_the_call_that_makes_a_tenant_is_located(first):
    answer = first.post("/_mockidp/v1/tenants", json_body={"nam": "x", "seed": "7"})
    assert answer.status_code == 400
    assert [one["pointer"] for one in answer.json["errors"]] == ["/nam", "/seed"]
