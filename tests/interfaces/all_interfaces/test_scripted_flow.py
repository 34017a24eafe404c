"""A scripted flow has the same journal and answers on every interface, except for the URLs."""

import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from helpers.app_under_test import API, CALLBACK, App, bearer


@pytest.fixture(scope="module")
def keys():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def play(interface, session):
    """Play the flow. Return the answers and the journal."""
    idp, app = interface.idp, App(interface.url, session)
    idp.clock.freeze("2030-01-31T12:00:00Z")
    answers = [session.get(f"{interface.url}/.well-known/openid-configuration")]
    page = app.authorize()
    answers += [app.log_in(page, password="wrong"), app.log_in(page)]
    code = answers[-1].headers["Location"].partition("code=")[2].partition("&")[0]
    answers += [app.redeem(code), app.redeem(code)]
    tokens = answers[-2].json()
    answers += [
        session.get(f"{interface.url}/userinfo", headers=bearer(tokens["access_token"])),
        app.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"]),
        app.token(grant_type="client_credentials", audience=API),
        app.authorize(prompt="none"),
        app.authorize(redirect_uri="javascript:alert(1)"),
    ]
    link = idp.impersonation_link("bob", client="app", callback_url=CALLBACK, state="s")
    answers += [
        session.get(f"{link}&next=/admin", allow_redirects=False),
        session.get(link, allow_redirects=False),
        session.get(link, allow_redirects=False),
    ]
    idp.fault("token", error="temporarily_unavailable", times=1)
    answers += [app.token(grant_type="client_credentials", audience=API)]
    leave = {"client_id": "app", "returnTo": "http://localhost:3000/"}
    answers += [session.get(f"{interface.url}/v2/logout", params=leave, allow_redirects=False)]
    return [describe(interface, answer) for answer in answers], idp.journal.to_json()


def describe(interface, answer):
    """Return an answer without its body and without headers that depend on the connection."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    for name in ("connection", "content-length", "set-cookie"):
        headers.pop(name, None)
    cookies = {name.removesuffix("-http"): value for name, value in answer.cookies.items()}
    return answer.status_code, headers, cookies


def play_on(open_interface, keys):
    with open_interface(seed=7, keys=keys) as interface, interface.open_session() as session:
        answers, journal = play(interface, session)
        return json.loads(json.dumps([answers, journal]).replace(interface.url, "URL"))


@pytest.fixture(scope="module")
def live(interfaces, keys):
    return play_on(interfaces["live"], keys)


@pytest.mark.parametrize("name", ["remote", "intercepted", "live_for_httpx", "transport"])
def test_the_flow_is_the_same_as_on_a_server(name, interfaces, keys, live):
    answers, journal = play_on(interfaces[name], keys)
    assert answers == live[0]
    assert journal == live[1]


def test_the_flow_contains_successes_and_refusals(live):
    answers, journal = live
    assert [status for status, _, _ in answers] == [
        *(200, 400, 302, 200, 403, 200, 200, 200, 302, 403, 401, 302, 401, 503, 302)
    ]
    assert len(json.loads(journal)) > len(answers)
