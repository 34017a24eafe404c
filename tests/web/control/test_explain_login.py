"""Explain the URL of a login: the error that /authorize would answer with, and the reason."""

from urllib.parse import urlencode

import pytest
from werkzeug.test import Client as WsgiClient

from helpers.acme import with_tenant
from helpers.tenant_client import TenantClient
from mockidp.testing.methods.explain import explain

pytestmark = pytest.mark.usefixtures("no_tracebacks")

ORIGIN = "http://localhost:9400"
CALLBACK = "http://localhost:3000/callback"


def login_url(**changed):
    sent = {"client_id": "web", "response_type": "code", "redirect_uri": CALLBACK} | changed
    return f"{ORIGIN}/authorize?{urlencode({key: one for key, one in sent.items() if one})}"


def test_a_valid_request_begins_no_login(control):
    result = control.explain(login_url(scope="openid"))
    assert (result["kind"], result["accepted"]) == ("login URL", True)
    assert result["reasons"] == [
        f"The request is valid. After a user has logged in, client web gets the response at {CALLBACK}."
    ]
    assert result["decoded"]["scope"] == "openid"
    assert control.tenant.logins.count() == 0


def test_advice_about_a_valid_request_is_a_further_reason(control):
    answer = control.call("explain", thing=login_url(scope="openid read:item", audience=API))
    assert answer.json["accepted"] is True
    assert "read:item" in answer.json["reasons"][1]
    assert "Mockidp-Hint" not in answer.headers


API = "https://api.acme.example/"


@pytest.mark.parametrize(
    ("changed", "error", "hint"),
    [
        ({"client_id": None}, "invalid_request: Missing required parameter: client_id", ""),
        ({"client_id": "wen"}, "invalid_request: Unknown client: wen", "Did you mean web?"),
        ({"redirect_uri": f"{CALLBACK}s"}, "unauthorized_client: Callback URL mismatch.", "path"),
        ({"audience": API.rstrip("/")}, "access_denied: Service not found", "trailing slash"),
        ({"response_type": "cod"}, "unsupported_response_type: ", "cod"),
        ({"connection": "google"}, "invalid_request: ", "google"),
    ],
)
def test_a_refused_request_has_the_error_and_hint_of_authorize(control, changed, error, hint):
    url = login_url(**changed)
    result = control.explain(url)
    assert (result["kind"], result["accepted"]) == ("login URL", False)
    assert result["reasons"][0].startswith(error)
    answer = WsgiClient(control.app).get(url.removeprefix(ORIGIN), base_url=ORIGIN)
    assert result["reasons"][1:] == [answer.headers["Mockidp-Hint"]]
    assert hint in result["reasons"][1]


def test_a_repeated_parameter_is_refused(control):
    result = control.explain(login_url() + "&client_id=web")
    assert result["accepted"] is False
    assert "client_id" in result["reasons"][0]


def test_a_pushed_request_is_explained_and_not_used_up():
    idp = TenantClient(with_tenant(pushed_authorization_requests_supported=True))
    form = {"client_id": "web", "client_secret": "web-secret", "response_type": "code"}
    pushed = idp.post("/oauth/par", **form, redirect_uri=CALLBACK).json
    url = f"{ORIGIN}/authorize?client_id=web&request_uri={pushed['request_uri']}"
    found = [explain(url, idp.tenant) for _ in "ab"]
    assert [(one.kind, one.accepted) for one in found] == [("pushed request", True)] * 2


def test_a_callback_whose_path_is_authorize_is_a_callback(control):
    result = control.explain("http://localhost:3000/authorize?code=x&state=1")
    assert result["kind"] == "callback"


@pytest.mark.parametrize("host", ["[", "localhost:99999", ""])
def test_a_url_without_a_usable_host_is_not_checked(control, host):
    result = control.explain(f"http://{host}/authorize?client_id=web")
    assert (result["kind"], result["accepted"]) == ("url", None)


def test_without_a_server_only_the_parameters_are_shown():
    result = explain(login_url(), None)
    assert (result.kind, result.accepted) == ("login URL", None)
    assert result.reasons == ("The request was not checked, because no server was available.",)
    assert result.decoded["redirect_uri"] == CALLBACK
