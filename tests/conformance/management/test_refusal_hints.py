"""Every operation, called wrongly: each refusal has a hint. `checked_traces` checks its form."""

from http import HTTPStatus

import pytest

from helpers.management import ManagementClient
from helpers.tenant_client import bearer, hint
from mockidp.management.operations import OPERATIONS

OPERATION = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}"
)
BODIES = ("{", "[]", "{}", "5", '{"none": 1}', '[{"none": 1}]')


@pytest.fixture(scope="module")
def idp():
    return ManagementClient()


@pytest.fixture(scope="module")
def without_scopes():
    return ManagementClient("read:nothing")


def refusal(answer, *statuses):
    """Return the hint of a refusal in Auth0's format."""
    assert answer.status_code in statuses, answer.data
    assert set(answer.json) >= {"statusCode", "error", "message"}
    assert answer.json["statusCode"] == answer.status_code
    assert answer.json["error"] == HTTPStatus(answer.status_code).phrase
    assert hint(answer) not in ("", answer.json["message"])
    return hint(answer)


@OPERATION
def test_a_call_without_a_token_says_how_to_send_one(idp, operation):
    answer = idp.request(operation.method, f"/api/v2{operation.path}")
    assert refusal(answer, 401).endswith("Send `Authorization: Bearer <token>`.")


@OPERATION
def test_a_call_without_the_scope_names_it(without_scopes, operation):
    answer = without_scopes.call(operation.method, operation.path)
    assert operation.scopes[0] in refusal(answer, 403)


@OPERATION
def test_an_unknown_query_parameter_is_named(idp, operation):
    answer = idp.call(operation.method, operation.path, pages="1")
    assert "query parameter pages" in refusal(answer, 400)


@OPERATION
def test_whatever_body_is_refused_has_a_hint(idp, operation):
    for body in BODIES:
        answer = idp.request(
            operation.method,
            f"/api/v2{operation.path.replace('{id}', 'none')}",
            data=body,
            headers=bearer(idp.access_token),
            content_type="application/json",
        )
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            refusal(answer, 400, 404, 409)


@OPERATION
def test_another_method_is_refused_with_a_hint(idp, operation):
    known = {one.method for one in OPERATIONS if one.path == operation.path}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
        answer = idp.call(method, operation.path.replace("{id}", "none"))
        if answer.status_code >= HTTPStatus.BAD_REQUEST:  # else {id} matches the last segment
            refusal(answer, 400, 403, 404, 405)


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/clients", {"name": "A", "app_type": "nativ"}, "Found the string 'nativ' at `app_type`, expected one of native, spa, regular_web, non_interactive. Did you mean native?"),
        ("/clients", {"name": "A", "callbacks": [1]}, "Found the number 1 at `callbacks[0]`, expected "),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_property(idp, path, body, expected):
    assert refusal(idp.call("POST", path, body), 400).startswith(expected)
