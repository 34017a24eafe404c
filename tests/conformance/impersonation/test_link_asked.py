"""Asking for a link: bodies in the shapes that the old SDKs send."""

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


def test_json_and_bracketed_forms_ask_alike(face, callback_of):
    more = {"state": "a b", "response_type": "code", "scope": "openid", "callback_url": CALLBACK}
    form = BODY | {f"additionalParameters[{name}]": value for name, value in more.items()}
    form |= {"impersonator[email]": "ops@acme.example", "type": "web_server"}
    headers = {"Authorization": f"Bearer {face.token}"}
    answer = face.send("POST", ASK, data=form, headers=headers)
    callback, values = callback_of(face.get(answer.text))
    assert callback == CALLBACK
    assert values["state"] == "a b"
    profile = face.userinfo(face.redeem(values["code"]).json["access_token"]).json
    assert profile["impersonator"]["email"] == "ops@acme.example"


@pytest.mark.parametrize("user", ["auth0|alice", "auth0%7Calice", "auth0%7calice"])
def test_the_users_id_may_be_escaped_or_not_and_comes_back_escaped(face, callback_of, user):
    link = face.link(user=user)
    assert link.startswith(f"{ORIGIN}/users/auth0%7Calice/impersonate?&bewit=")
    callback_of(face.get(link))


def test_what_the_sdks_leak_is_passed_over(face, callback_of):
    token = face.token
    leaked = {"token": token, "clientId": "web", "type": "web_server", "x": {"y": [1]}}
    callback_of(face.get(face.link(token=token, json=leaked)))


def test_the_token_may_stand_in_the_query(face):
    token = face.token
    more = {"additionalParameters": {"state": "S"}}
    answer = face.send("POST", f"{ASK}?access_token={token}", json=BODY | more)
    assert answer.status_code == 200
    assert face.get(answer.text).status_code == 302


@pytest.mark.parametrize("how", ["json", "data"])
def test_the_v1_token_is_asked_for_as_the_old_reference_does(face, how):
    body = {
        "client_id": "global",
        "client_secret": "global-secret",
        "type": "web_server",
        "grant_type": "client_credentials",
    }
    answer = face.send("POST", f"{ORIGIN}/oauth/token", **{how: body})
    assert answer.status_code == 200
    assert list(answer.json) == ["access_token", "token_type"]
    assert answer.json["token_type"] == "bearer"
    assert face.ask(token=answer.json["access_token"]).status_code == 200


def test_another_client_gets_no_v1_token(face):
    body = {
        "client_id": "jobs",
        "client_secret": "jobs-secret",
        "grant_type": "client_credentials",
    }
    answer = face.send("POST", f"{ORIGIN}/oauth/token", json=body)
    assert answer.status_code == 403
    assert answer.json == {
        "error": "access_denied",
        "error_description": "Non-global clients are not allowed access to APIv1",
    }


@pytest.mark.parametrize("name", ["response_type", "state", "scope", "callback_url", "audience"])
def test_what_stands_beside_additional_parameters_is_not_read(face, callback_of, name):
    answer = face.ask(json={name: "token"})
    assert answer.status_code == 200
    hint = answer.headers["Mockidp-Hint"]
    assert hint == (f"Sent outside `additionalParameters` and not read: {name}. Move it inside.")
    _, values = callback_of(face.get(answer.text))
    assert set(values) == {"code", "state"}
    assert values["state"] == "S"


def test_top_level_state_makes_a_link_without_one(face):
    body = {"state": "S", "response_type": "code", "additionalParameters": {}}
    answer = face.ask(json=body)
    assert answer.status_code == 200
    hint = answer.headers["Mockidp-Hint"]
    assert hint.startswith(
        "Sent outside `additionalParameters` and not read: response_type, state."
    )
    assert hint.endswith("the link will answer Bad mac when it is opened.")
    assert face.get(answer.text).status_code == 401


@pytest.mark.parametrize("empty", ["", None])
def test_empty_defaults_of_the_gem_mean_absent(face, callback_of, empty):
    more = {"response_type": empty, "scope": empty, "callback_url": empty, "audience": empty}
    callback, values = callback_of(face.get(face.link(json={"ttl": empty}, **more)))
    assert callback == CALLBACK
    assert "code" in values


@pytest.mark.parametrize("parameters", [None, "", {}])
def test_without_additional_parameters_a_link_is_made(serve, callback_of, parameters):
    face = serve(require_state=False)
    answer = face.ask(json={"additionalParameters": parameters})
    assert "Mockidp-Hint" not in answer.headers
    _, values = callback_of(face.get(answer.text))
    assert list(values) == ["code"]


@pytest.mark.parametrize("ttl", [5, "5"])
def test_the_body_may_say_how_long_a_link_lives(face, ttl):
    link = face.link(json={"ttl": ttl})
    face.tenant.clock.advance(4)
    assert face.send("HEAD", link).status_code == 302
    face.tenant.clock.advance(1)
    assert face.get(link).json["error_description"] == "Impersonation - Access expired"


def test_a_wildcard_is_no_default_callback(serve, document, callback_of):
    clients = tuple(
        replace(client, callbacks=("https://*.acme.example/cb", CALLBACK))
        if client.client_id == "web"
        else client
        for client in document.clients
    )
    face = serve(document=replace(document, clients=clients))
    assert callback_of(face.get(face.link()))[0] == CALLBACK
    wanted = "https://eu.acme.example/cb"
    assert callback_of(face.get(face.link(callback_url=wanted)))[0] == wanted


def test_the_lenient_tenant_takes_any_client_and_local_callback():
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
    asked = BODY | {"additionalParameters": {"state": "S", "callback_url": callback}}
    headers = {"Authorization": f"Bearer {token}"}
    link = client.post(ASK, base_url=ORIGIN, json=asked, headers=headers).text
    target = link.removeprefix(ORIGIN)
    overrides = {"REQUEST_URI": target, "RAW_URI": target}
    answer = client.get(target, base_url=ORIGIN, environ_overrides=overrides)
    assert answer.headers["Location"].startswith(f"{callback}&code=")


def test_a_callback_cannot_smuggle_a_header():
    app = create_app(Tenant())
    client = Client(app)
    callback = "http://localhost/\r\nX-Evil: 1"
    body = {"user": "alice", "client": "any", "state": "S", "callback_url": callback}
    answer = client.post("/_mockidp/v1/impersonation-links", base_url=ORIGIN, json=body)
    target = answer.json["url"].removeprefix(ORIGIN)
    overrides = {"REQUEST_URI": target, "RAW_URI": target}
    opened = client.get(target, base_url=ORIGIN, environ_overrides=overrides)
    assert opened.headers["Location"].startswith("http://localhost/%0D%0AX-Evil:%201?code=")


def test_form_quoting_is_undone_once(face, callback_of):
    form = urlencode(BODY) + f"&additionalParameters%5Bstate%5D={quote('%7C&=', safe='')}"
    headers = {"Authorization": f"Bearer {face.token}"}
    kind = "application/x-www-form-urlencoded"
    answer = face.send("POST", ASK, data=form, content_type=kind, headers=headers)
    _, values = callback_of(face.get(answer.text))
    assert values["state"] == "%7C&="
