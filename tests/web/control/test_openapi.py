"""The OpenAPI document is valid, and describes the routes and the refusals."""

import json
from http import HTTPStatus

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockidp.web.app import control_pipeline
from mockidp.web.control.operations import OPERATIONS

V1 = "/_mockidp/v1"


def test_it_is_valid(openapi):
    OpenAPIV31SpecValidator(openapi).validate()


def test_it_has_the_routes_of_the_app_and_no_others(openapi):
    routes = {
        (method, route.path)
        for route in control_pipeline().routes
        for method in route.methods
        if route.path.startswith(V1)
    }
    described = {
        (method.upper(), path) for path, item in openapi["paths"].items() for method in item
    }
    assert described == routes
    assert len(routes) == len(OPERATIONS)


def test_every_operation_has_a_unique_name_and_a_described_answer(openapi):
    operations = [one for item in openapi["paths"].values() for one in item.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    for one in operations:
        assert one["summary"].endswith(".")
        assert "4XX" in one["responses"]
        for status, answer in one["responses"].items():
            assert ("content" in answer) == (status not in ("204", "4XX"))
    records = openapi["components"]["schemas"]
    assert all(one["description"] for name, one in records.items() if name != "Problem")


def test_fields_have_descriptions(openapi):
    schemas = openapi["components"]["schemas"]
    assert schemas["NewAccessToken"]["properties"]["claims"]["description"]
    assert "or e-mail" in schemas["NewAccessToken"]["properties"]["user"]["description"]
    assert schemas["FaultState"]["properties"]["delay"]["description"].startswith("Seconds")
    parameters = openapi["paths"][f"{V1}/journal"]["get"]["parameters"]
    (wait,) = (one for one in parameters if one["name"] == "wait_seconds")
    assert wait["schema"] == {"type": "number", "minimum": 0, "maximum": 60}
    assert "at most 60" in wait["description"]


def test_a_record_accepts_only_fields_that_auth0_knows(openapi):
    user = openapi["components"]["schemas"]["User"]
    assert "custom_claims" in user["properties"]
    assert user["additionalProperties"] is False
    assert user["required"] == ["user_id"]
    assert user["properties"]["last_login"] == {}
    assert user["properties"]["nickname"]["type"] == ["string", "null"]
    api = openapi["components"]["schemas"]["ResourceServer"]
    scope = {"$ref": "#/components/schemas/ApiScope"}
    assert api["properties"]["scopes"]["items"] == {"anyOf": [scope, {"type": "string"}]}
    client = openapi["paths"][f"{V1}/clients"]["post"]["requestBody"]["content"]
    is_global = {"type": "boolean", "description": "The same as `global`."}
    assert client["application/json"]["schema"]["properties"]["is_global"] == is_global


@pytest.mark.parametrize(
    "case",
    [
        ("GET", "/_mockidp/nowhere", {}, 404),
        ("GET", V1, {}, 404),
        ("GET", V1 + "/users/nobody", {}, 404),
        ("PUT", V1 + "/users", {"json": {}}, 405),
        ("POST", "/_mockidp/health", {"json": {}}, 405),
        ("OPTIONS", V1 + "/users", {}, 405),
        ("POST", V1 + "/users", {"data": b"{}", "content_type": "text/plain"}, 415),
        ("POST", V1 + "/users", {"data": b"x" * 10_000_001, "content_type": "application/json"}, 413),
        ("GET", V1 + "/users", {"base_url": "http://evil.example"}, 400),
        ("GET", "/_mockidp/health", {"base_url": "http://evil.example"}, 400),
        ("GET", V1 + "/users?x=" + "x" * 16_000, {}, 414),
        ("GET", V1 + "/users?x=1&x=2", {}, 400),
        ("GET", V1 + "/users?x=%00", {}, 400),
        ("POST", V1 + "/users", {"json": {}, "headers": {"Origin": "http://elsewhere"}}, 403),
    ],
)  # fmt: skip
def test_every_refusal_is_a_problem(control, openapi, case):
    method, path, sent, status = case
    answer = control.send(method, path, **sent)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["title"] == HTTPStatus(status).phrase
    OAS31Validator(openapi["components"]["schemas"]["Problem"]).validate(answer.json)


def test_it_does_not_change_from_call_to_call(control, openapi):
    again = control.send("GET", "/_mockidp/openapi.json")
    assert json.loads(again.data) == openapi
