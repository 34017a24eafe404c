"""The control API accepts only JSON, from programs and from mockidp's own pages."""

import pytest
from werkzeug.test import Client

from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

PATHS = ["/_mockidp/v1/tokens", "/_mockidp/v1/impersonation-links", "/_mockidp/v1/explain"]
GOOD = {
    "/_mockidp/v1/tokens": {"user": "alice"},
    "/_mockidp/v1/impersonation-links": {"user": "alice", "state": "S"},
    "/_mockidp/v1/explain": {"thing": "x"},
}


@pytest.fixture(params=PATHS)
def path(request):
    return request.param


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost:9400"}])
def test_a_program_and_mockidps_own_page_may_call(control, path, headers):
    answer = control.send("POST", path, json=GOOD[path], headers=headers)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:3000", "https://localhost:9400", "http://127.0.0.1:9400", "null", "", "x"],
)
def test_a_page_of_another_origin_is_refused(control, path, origin):
    answer = control.send("POST", path, json=GOOD[path], headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": "Pages of other origins may not call the control API, and this page is from "
        f"{origin!r}.",
    }


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
        "",
    ],
)
def test_anything_but_json_is_refused(control, path, kind):
    answer = control.send("POST", path, data=b'{"user":"alice"}', content_type=kind)
    assert answer.status_code == 415
    assert answer.json["detail"].endswith(". Send application/json.")


def test_no_preflight_is_answered(control, path):
    headers = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
    answer = control.send("OPTIONS", path, headers=headers)
    assert answer.status_code == 405
    assert not any(name.startswith("Access-Control") for name, _ in answer.headers)


def test_a_rebound_host_is_refused(control, path):
    answer = control.send("POST", path, json=GOOD[path], base_url="http://evil.example:9400")
    assert answer.status_code == 400
    assert "does not answer to the host 'evil.example'" in answer.json["detail"]


def test_an_unknown_property_is_a_mistake(control, path):
    answer = control.send("POST", path, json=GOOD[path] | {"usr": "x"})
    assert answer.status_code == 400
    (mistake,) = answer.json["errors"]
    assert mistake["pointer"] == "/usr"
    assert mistake["detail"].startswith("found an unknown key, expected one of ")


def test_a_call_without_properties_expects_an_empty_object(control):
    answer = control.send("POST", "/_mockidp/v1/reset", json={"all": True})
    assert answer.status_code == 400
    (mistake,) = answer.json["errors"]
    assert mistake == {
        "pointer": "/all",
        "detail": "found an unknown key, expected an empty object",
    }


@pytest.mark.parametrize("value", [5, True, ["x"], {"a": 1}])
def test_a_value_of_another_type_is_a_mistake(control, path, value):
    name = next(iter(GOOD[path]))
    answer = control.send("POST", path, json={name: value})
    assert answer.status_code == 400
    (mistake,) = answer.json["errors"]
    assert mistake["pointer"] == f"/{name}"
    assert mistake["detail"].endswith("expected a string")


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b'{"a":1,"a":1}', b"\xff", b"[" * 9999]
)
def test_a_body_that_is_not_an_object_is_a_mistake(control, path, data):
    answer = control.send("POST", path, data=data, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["detail"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_not_allowed(control, path, method):
    answer = control.send(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.headers["Mockidp-Hint"] == f"This path does not accept {method}. Use POST."


def test_health(control):
    answer = control.send("GET", "/_mockidp/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_the_authoritys_certificate():
    app = create_app(Tenant(), ca_pem="-----BEGIN CERTIFICATE-----\n")
    answer = Client(app).get("/_mockidp/ca.pem")
    assert answer.text == "-----BEGIN CERTIFICATE-----\n"
    assert answer.headers["Content-Type"] == "application/x-pem-file"


def test_without_tls_there_is_no_authority(control):
    answer = control.send("GET", "/_mockidp/ca.pem")
    assert answer.status_code == 404
    assert "without TLS" in answer.headers["Mockidp-Hint"]
