"""Network ACLs and rate limit policies: stored; no request is refused for them."""

import pytest

from helpers.tenant_client import hint

ACLS = "/network-acls"
POLICIES = "/rate-limit-policies"
ACL = {
    "description": "Block a network",
    "active": True,
    "priority": 1,
    "rule": {"action": {"block": True}, "scope": "tenant", "match": {"asns": [1]}},
}
POLICY = {
    "resource": "oauth_authentication_api",
    "consumer": "client",
    "consumer_selector": "default",
    "configuration": {"action": "block", "limit": 100},
}


def refusal(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def acl(idp):
    return idp.call("POST", ACLS, ACL).json


def test_only_a_single_acl_is_shown_with_its_tenant(idp, acl):
    assert list(acl) == [*ACL, "created_at", "updated_at", "id"]
    shown = idp.call("GET", f"{ACLS}/{acl['id']}").json
    assert list(shown) == ["tenant_id", *ACL, "created_at", "updated_at", "deleted_at", "id"]
    assert shown == acl | {"tenant_id": "Acme", "deleted_at": None}
    page = idp.call("GET", ACLS, include_totals="true").json
    assert list(page) == ["total", "start", "limit", "network_acls"]
    assert page["network_acls"] == idp.call("GET", ACLS).json == [acl]


def test_put_replaces_and_patch_merges(idp, acl):
    path = f"{ACLS}/{acl['id']}"
    idp.later(60)
    changed = idp.call("PATCH", path, {"priority": 2}).json
    assert changed == acl | {"priority": 2, "updated_at": changed["updated_at"]}
    body = {"description": "Other", "active": False, "rule": ACL["rule"]}
    replaced = idp.call("PUT", path, body).json
    assert list(replaced) == [*body, "created_at", "updated_at", "id"]
    assert replaced == {**body, "id": acl["id"], "created_at": acl["created_at"],
                        "updated_at": changed["updated_at"]}  # fmt: skip


def test_deletion_answers_with_a_body_and_the_second_time_with_404(idp, acl):
    path = f"{ACLS}/{acl['id']}"
    gone = idp.call("DELETE", path)
    assert (gone.status_code, gone.json) == (200, {"code": 204, "object": ""})
    missing = (404, "NetworkACL with this ID was not found", None)
    for method in ("DELETE", "GET", "PATCH"):
        assert refusal(idp.call(method, path)) == missing
    assert refusal(idp.call("PUT", path, ACL)) == missing


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_an_id_of_another_form_is_refused(idp, method):
    refused = idp.call(method, "/network-acls/acl_invalid_id")
    assert refusal(refused) == (
        400,
        "Network ACL id is not a valid ACL ID in the form 'acl_XXXXXXXXXXXXXXXXXXXXXX'",
        "invalid_uri",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"match": {"auth0_managed": ["auth0.other"]}}, "Invalid curated list name(s): auth0.other. Allowed curated list names are: auth0.low_reputation, auth0.icloud_relay_proxy"),
        ({"not_match": {"auth0_managed": ["auth0.low_reputation"] * 2}}, "Payload validation error: 'Array items are not unique (indexes 0 and 1)' on property rule.not_match.auth0_managed."),
        ({"action": {"redirect": True}}, "Payload validation error: Action type of `redirect` requires a `redirect_uri`"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_refused(idp, acl, change, message):
    body = ACL | {"rule": ACL["rule"] | change}
    path = f"{ACLS}/{acl['id']}"
    for method, target in (("POST", ACLS), ("PUT", path), ("PATCH", path)):
        assert refusal(idp.call(method, target, body)) == (400, message, "invalid_body")
    assert idp.call("GET", ACLS).json == [acl]


def test_lists_that_auth0_keeps_are_accepted(idp):
    rule = ACL["rule"] | {"match": {"auth0_managed": ["auth0.low_reputation"]}}
    assert idp.call("POST", ACLS, ACL | {"rule": rule}).status_code == 201
    redirect = {"action": {"redirect": True, "redirect_uri": "https://acme.example/"}}
    body = ACL | {"rule": ACL["rule"] | redirect}
    assert idp.call("POST", ACLS, body).status_code == 201


def test_the_hint_says_that_no_request_is_blocked(idp):
    assert hint(idp.call("POST", ACLS, ACL)) == (
        "`networkACLs` is stored, but has no effect here: Auth0 blocks requests according to these "
        "rules."
    )
    assert hint(idp.call("POST", POLICIES, POLICY)) == (
        "`rateLimitPolicies` is stored, but has no effect here: Auth0 limits requests by these "
        "policies (429 too_many_requests)."
    )


def test_policies_are_selected_by_what_they_apply_to(idp):
    made = [
        idp.call("POST", POLICIES, POLICY | {"consumer_selector": selector})
        for selector in ("default", "web", "web")
    ]
    assert [one.status_code for one in made] == [201, 201, 201]
    policies = [one.json for one in made]
    assert len({one["id"] for one in policies}) == 3
    found = idp.call("GET", POLICIES, resource=POLICY["resource"], take="50").json
    assert found == {"rate_limit_policies": policies}
    found = idp.call("GET", POLICIES, consumer_selector="web").json["rate_limit_policies"]
    assert found == policies[1:]


def test_only_the_configuration_of_a_policy_can_be_changed(idp):
    made = idp.call("POST", POLICIES, POLICY).json
    path = f"{POLICIES}/{made['id']}"
    change = {"configuration": {"action": "redirect", "limit": 5, "redirect_uri": "https://a/"}}
    assert idp.call("PATCH", path, change).json == made | change
    refused = idp.call("PATCH", path, {"consumer": "client"})
    assert refused.json["message"].endswith("'Additional properties not allowed: consumer'.")
    assert idp.call("DELETE", path).status_code == 204
    assert refusal(idp.call("GET", path)) == (404, "Rate limit policy not found.", None)
