"""Requests for links: bodies in the formats that the old SDKs send."""

from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest
from werkzeug.test import Client

from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

ORIGIN = "http://localhost:9400"
CALLBACK = "http://localhost:3000/callback"
ASK = f"{ORIGIN}/users/auth0%7Calice/impersonate"
BODY = {"protocol": "oauth2", "impersonator_id": "auth0|admin", "client_id": "web"}


def test_json_and_forms_with_brackets_are_equivalent(http, callback_of):
    more = {"state": "a b", "response_type": "code", "scope": "openid", "callback_url": CALLBACK}
    form = BODY | {f"additionalParameters[{name}]": value for name, value in more.items()}
    form |= {"impersonator[email]": "ops@acme.example", "type": "web_server"}
    headers = {"Authorization": f"Bearer {http.token}"}
    answer = http.send("POST", ASK, data=form, headers=headers)
    callback, values = callback_of(http.get(answer.text))
    assert callback == CALLBACK
    assert values["state"] == "a b"
    profile = http.userinfo(http.redeem(values["code"]).json["access_token"]).json
    assert profile["impersonator"]["email"] == "ops@acme.example"


@pytest.mark.parametrize("user", ["auth0|alice", "auth0%7Calice", "auth0%7calice"])
def test_the_user_id_may_be_escaped_and_is_escaped_in_the_link(http, callback_of, user):
    link = http.link(user=user)
    assert link.startswith(f"{ORIGIN}/users/auth0%7Calice/impersonate?&bewit=")
    callback_of(http.get(link))


def test_properties_that_sdks_leak_are_ignored(http, callback_of):
    token = http.token
    leaked = {"token": token, "clientId": "web", "type": "web_server", "x": {"y": [1]}}
    callback_of(http.get(http.link(token=token, json=leaked)))


def test_the_token_may_be_in_the_query(http):
    token = http.token
    more = {"additionalParameters": {"state": "S"}}
    answer = http.send("POST", f"{ASK}?access_token={token}", json=BODY | more)
    assert answer.status_code == 200
    assert http.get(answer.text).status_code == 302


@pytest.mark.parametrize("how", ["json", "data"])
def test_the_v1_token_is_requested_as_in_the_old_documentation(http, how):
    body = {
        "client_id": "global",
        "client_secret": "global-secret",
        "type": "web_server",
        "grant_type": "client_credentials",
    }
    answer = http.send("POST", f"{ORIGIN}/oauth/token", **{how: body})
    assert answer.status_code == 200
    assert list(answer.json) == ["access_token", "token_type"]
    assert answer.json["token_type"] == "bearer"
    assert http.request_link(token=answer.json["access_token"]).status_code == 200


def test_another_client_gets_no_v1_token(http):
    body = {
        "client_id": "jobs",
        "client_secret": "jobs-secret",
        "grant_type": "client_credentials",
    }
    answer = http.send("POST", f"{ORIGIN}/oauth/token", json=body)
    assert answer.status_code == 403
    assert answer.json == {
        "error": "access_denied",
        "error_description": "Non-global clients are not allowed access to APIv1",
    }


@pytest.mark.parametrize("name", ["response_type", "state", "scope", "callback_url", "audience"])
def test_parameters_outside_additional_parameters_are_not_read(http, callback_of, name):
    answer = http.request_link(json={name: "token"})
    assert answer.status_code == 200
    hint = answer.headers["Mockidp-Hint"]
    assert hint == (f"Sent outside `additionalParameters` and not read: {name}. Move it inside.")
    _, values = callback_of(http.get(answer.text))
    assert set(values) == {"code", "state"}
    assert values["state"] == "S"


def test_top_level_state_makes_a_link_without_one(http):
    body = {"state": "S", "response_type": "code", "additionalParameters": {}}
    answer = http.request_link(json=body)
    assert answer.status_code == 200
    hint = answer.headers["Mockidp-Hint"]
    assert hint.startswith(
        "Sent outside `additionalParameters` and not read: response_type, state."
    )
    assert hint.endswith("the link will answer Bad mac when it is opened.")
    assert http.get(answer.text).status_code == 401


@pytest.mark.parametrize("empty", ["", None])
def test_empty_defaults_of_the_ruby_gem_count_as_absent(http, callback_of, empty):
    more = {"response_type": empty, "scope": empty, "callback_url": empty, "audience": empty}
    callback, values = callback_of(http.get(http.link(json={"ttl": empty}, **more)))
    assert callback == CALLBACK
    assert "code" in values


@pytest.mark.parametrize("parameters", [None, "", {}])
def test_without_additional_parameters_a_link_is_made(serve, callback_of, parameters):
    http = serve(require_state=False)
    answer = http.request_link(json={"additionalParameters": parameters})
    assert "Mockidp-Hint" not in answer.headers
    _, values = callback_of(http.get(answer.text))
    assert list(values) == ["code"]


@pytest.mark.parametrize("ttl", [5, "5"])
def test_the_body_may_set_the_lifetime_of_the_link(http, ttl):
    link = http.link(json={"ttl": ttl})
    http.tenant.clock.advance(4)
    assert http.send("HEAD", link).status_code == 302
    http.tenant.clock.advance(1)
    assert http.get(link).json["error_description"] == "Impersonation - Access expired"


def test_a_wildcard_is_not_a_default_callback(serve, document, callback_of):
    clients = tuple(
        replace(client, callbacks=("https://*.acme.example/cb", CALLBACK))
        if client.client_id == "web"
        else client
        for client in document.clients
    )
    http = serve(document=replace(document, clients=clients))
    assert callback_of(http.get(http.link()))[0] == CALLBACK
    wanted = "https://eu.acme.example/cb"
    assert callback_of(http.get(http.link(callback_url=wanted)))[0] == wanted


def test_a_lenient_tenant_accepts_any_client_and_local_callback():
    tenant = Tenant()
    app = create_app(tenant)
    client = Client(app)
    body = {
        "client_id": "acme-global",
        "client_secret": "acme-global-secret",
        "grant_type": "client_credentials",
    }
    token = client.post("/oauth/token", base_url=ORIGIN, json=body).json["access_token"]
    callback = "http://127.0.0.1:5000/cb?x=1"
    request_body = BODY | {"additionalParameters": {"state": "S", "callback_url": callback}}
    headers = {"Authorization": f"Bearer {token}"}
    link = client.post(ASK, base_url=ORIGIN, json=request_body, headers=headers).text
    target = link.removeprefix(ORIGIN)
    overrides = {"REQUEST_URI": target, "RAW_URI": target}
    answer = client.get(target, base_url=ORIGIN, environ_overrides=overrides)
    assert answer.headers["Location"].startswith(f"{callback}&code=")


def test_a_callback_cannot_inject_a_header():
    app = create_app(Tenant())
    client = Client(app)
    callback = "http://localhost/\r\nX-Evil: 1"
    body = {"user": "alice", "client": "any", "state": "S", "callback_url": callback}
    answer = client.post("/_mockidp/v1/impersonation-links", base_url=ORIGIN, json=body)
    target = answer.json["url"].removeprefix(ORIGIN)
    overrides = {"REQUEST_URI": target, "RAW_URI": target}
    opened = client.get(target, base_url=ORIGIN, environ_overrides=overrides)
    assert opened.headers["Location"].startswith("http://localhost/%0D%0AX-Evil:%201?code=")


def test_a_form_is_decoded_once(http, callback_of):
    form = urlencode(BODY) + f"&additionalParameters%5Bstate%5D={quote('%7C&=', safe='')}"
    headers = {"Authorization": f"Bearer {http.token}"}
    kind = "application/x-www-form-urlencoded"
    answer = http.send("POST", ASK, data=form, content_type=kind, headers=headers)
    _, values = callback_of(http.get(answer.text))
    assert values["state"] == "%7C&="
