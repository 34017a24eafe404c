"""`/claims` over HTTP, and claims whose client, user or API is removed."""

import pytest

V1 = "/_mockidp/v1"
API = "https://api.acme.example/"
PLAN = "https://acme.example/plan"
ESCAPED = "https%3A%2F%2Facme.example%2Fplan"


def listed(control):
    answer = control.send("GET", f"{V1}/claims")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def remove(control, escaped):
    path = f"{V1}/claims/{escaped}"
    raw = {"REQUEST_URI": path}
    return control.send("DELETE", f"{V1}/claims/x", environ_overrides=raw)


def test_claims_are_listed_in_the_order_in_which_they_were_added(control):
    assert listed(control) == []
    sent = [
        {"claim": PLAN, "value": None},
        {"claim": PLAN, "from": "user.app_metadata.plan", "in": ["id_token"], "client": "web"},
    ]
    for one in sent:
        answer = control.call("claims", **one)
        assert (answer.status_code, answer.json) == (200, one)
    assert listed(control) == sent


def test_every_entry_of_a_claim_is_removed_by_name(control):
    for claim in (PLAN, "team", PLAN):
        control.call("claims", claim=claim, value=1)
    assert remove(control, ESCAPED).status_code == 204
    assert listed(control) == [{"claim": "team", "value": 1}]
    answer = remove(control, ESCAPED)
    assert answer.status_code == 404
    assert answer.json["detail"] == f"There is no claim {PLAN!r}. Known: team."
    remove(control, "team")
    assert remove(control, "team").json["detail"] == "There is no claim 'team'. Known: none."


@pytest.mark.parametrize(
    ("body", "mistakes"),
    [
        ({}, {"/claim": "found nothing, expected a string"}),
        ({"claim": 7, "value": 1}, {"/claim": "found the number 7, expected a string"}),
        (
            {"claim": "aud", "value": 1},
            {
                "/claim": "found the string 'aud', expected a claim that Auth0 does not restrict, "
                "such as https://acme.example/aud"
            },
        ),
        ({"claim": "a"}, {"/from": "found neither from nor value, expected one of the two"}),
        (
            {"claim": "a", "value": 1, "user": "alicia"},
            {
                "/user": "found the string 'alicia', expected a user's id, e-mail or username; did "
                "you mean alice?"
            },
        ),
        (
            {"claim": "a", "path": "user.email"},
            {
                "/path": "found an unknown key, expected one of claim, from, value, in, client, "
                "audience, user, scope"
            },
        ),
    ],
)
def test_an_error_is_reported_with_its_location(control, body, mistakes):
    answer = control.call("claims", **body)
    assert answer.status_code == 400
    assert {one["pointer"]: one["detail"] for one in answer.json["errors"]} == mistakes
    assert listed(control) == []


@pytest.mark.parametrize(
    ("limits", "path"),
    [
        ({"client": "web"}, "clients/web"),
        ({"user": "auth0|alice"}, "users/auth0|alice"),
        ({"user": "alice"}, "users/auth0|alice"),
        ({"user": "alice@acme.example"}, "users/auth0|alice"),
        ({"user": "ally"}, "users/auth0|alice"),
        ({"audience": API}, f"apis/{API}"),
    ],
)
def test_a_claim_is_removed_with_the_record_that_limits_it(control, limits, path):
    control.call("claims", claim=PLAN, value=1, **limits)
    control.call("claims", claim="team", value=7)
    raw = {"REQUEST_URI": f"{V1}/{path}"}
    answer = control.send("DELETE", f"{V1}/{path}", environ_overrides=raw)
    assert answer.status_code == 204, answer.text
    assert listed(control) == [{"claim": "team", "value": 7}]


def test_the_whole_list_is_replaced_with_the_tenant(control):
    control.call("claims", claim=PLAN, value=1)
    settings = {"claims": [{"claim": "team", "value": 7}]}
    answer = control.send("PATCH", f"{V1}/tenant", json={"mockidp": settings})
    assert answer.status_code == 200
    assert listed(control) == [{"claim": "team", "value": 7}]


def test_a_reset_removes_them(control):
    control.call("claims", claim=PLAN, value=1)
    assert control.send("POST", f"{V1}/reset", json={}).status_code == 204
    assert listed(control) == []


def test_an_export_contains_them(control, make_control):
    control.call("claims", claim=PLAN, value={"a": [1]}, user="alice")
    state = control.send("GET", f"{V1}/snapshot").json
    other = make_control()
    assert other.send("PUT", f"{V1}/snapshot", json=state).status_code == 204
    assert listed(other) == [{"claim": PLAN, "value": {"a": [1]}, "user": "alice"}]


def test_the_openapi_document_allows_any_value(control):
    schemas = control.send("GET", "/_mockidp/openapi.json").json["components"]["schemas"]
    properties = schemas["CustomClaim"]["properties"]
    assert list(properties) == [
        "claim", "from", "value", "in", "client", "audience", "user", "scope",
    ]  # fmt: skip
    assert properties["value"] == {"description": "The value itself, any JSON; instead of `from`."}
    assert schemas["CustomClaim"]["required"] == ["claim"]
