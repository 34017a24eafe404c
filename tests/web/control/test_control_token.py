"""The control token, and which pages can call the control API."""

import pytest
from werkzeug.test import Client as WsgiClient

from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

V1 = "/_mockidp/v1"


def detail(answer, status=400):
    assert answer.status_code == status, answer.text
    return answer.json["detail"]


@pytest.fixture
def guarded():
    client = WsgiClient(create_app(Tenant(), control_token="the token"))

    def send(method, path, *authorization, **kwargs):
        headers = {"Authorization": authorization[0]} if authorization else {}
        return client.open(
            path, method=method, base_url="http://idp:9400", headers=headers, **kwargs
        )

    return send


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic the token", "the token"])
@pytest.mark.parametrize(("method", "sent"), [("GET", {}), ("POST", {"json": {"user_id": "x"}})])
def test_calls_without_the_token_are_refused(guarded, method, sent, given):
    answer = guarded(method, V1 + "/users", given, **sent)
    assert "MOCKIDP_CONTROL_TOKEN" in detail(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert "the token" not in answer.text


def test_calls_with_the_token_are_allowed(guarded):
    assert guarded("GET", V1 + "/users", "bearer the token").status_code == 200
    made = guarded("POST", V1 + "/users", "Bearer the token", json={"user_id": "x"})
    assert made.status_code == 200
    for path in ("/_mockidp/health", "/_mockidp/openapi.json", "/.well-known/jwks.json"):
        assert guarded("GET", path).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_of_other_sites_cannot_call(control, site):
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
    message = detail(control.send("GET", V1 + "/snapshot", headers=headers), 403)
    assert message == "Pages of other origins may not call the control API."
    headers["Sec-Fetch-Mode"] = "navigate"
    assert control.send("GET", V1 + "/snapshot", headers=headers).status_code == 200
    refused = control.send("POST", V1 + "/reset", json={}, headers=headers)
    assert refused.status_code == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_mockidps_own_pages_and_people_can_call(control, site):
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "cors"}
    assert control.send("GET", V1 + "/clock", headers=headers).status_code == 200
    assert control.send("POST", V1 + "/reset", json={}, headers=headers).status_code == 204


def test_responses_cannot_be_read_by_other_origins(control):
    answer = control.send("GET", V1 + "/snapshot", headers={"Origin": "http://localhost:3000"})
    assert answer.status_code == 403
    answer = control.send("GET", V1 + "/snapshot")
    assert not any(name.startswith("Access-Control") for name, _ in answer.headers)
    assert "no-store" in answer.headers["Cache-Control"]
