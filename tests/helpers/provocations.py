"""Provoke each message of the troubleshooting page."""

import json
import socket
from pathlib import Path

import httpx
import jwt
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc6749.errors import MismatchingStateException

ROOT = Path(__file__).parents[2]
API = "https://api.acme.example/"
CALLBACK = "http://localhost:3000/callback"
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom"]
NODE_MODULES = ROOT / "tests" / "clients" / "node" / "node_modules"
PROVOCATIONS = {}


def provokes(*messages):
    """Register a function that returns the text that a user sees, with one of the messages."""

    def register(function):
        PROVOCATIONS.update(dict.fromkeys(messages, function))
        return function

    return register


@provokes("mockidp: command not found")
def _no_command(seen):
    return seen.run("bash", "-c", "mockidp", PATH="/usr/bin:/bin")


@provokes("another mockidp is already running at http://localhost:9400")
def _second_mock(seen):
    return seen.run(
        "mockidp", "serve", "--no-tls", "--listen", seen.idp.url.removeprefix("http://")
    )


@provokes("is in use by another program")
def _other_program(seen):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        port = listener.getsockname()[1]
        return seen.run("mockidp", "serve", "--no-tls", "--listen", f"127.0.0.1:{port}")


@provokes("no mockidp answers at http://localhost:9400")
def _no_mock(seen):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    shown = seen.run("mockidp", "token", "--user", "alice", "--url", f"http://localhost:{port}")
    return shown.replace(f"localhost:{port}", "localhost:9400")


@provokes("unable to verify the first certificate")
def _untrusted_by_node(seen):
    script = f"fetch('{seen.idp.tls_url}').catch((error) => console.log(error.cause.message))"
    return seen.run("node", "-e", script)


@provokes("certificate verify failed: unable to get local issuer certificate")
def _untrusted_by_python(seen):
    with pytest.raises(httpx.ConnectError) as by_httpx:
        httpx.get(seen.idp.tls_url)
    with pytest.raises(requests.exceptions.SSLError) as by_requests:
        requests.get(seen.idp.tls_url, timeout=5)
    assert "unable to get local issuer certificate" in str(by_requests.value)
    return str(by_httpx.value)


@provokes("curl: (60) SSL certificate problem: unable to get local issuer certificate")
def _untrusted_by_curl(seen):
    return seen.run("curl", "-sS", seen.idp.tls_url)


@provokes("net::ERR_CERT_AUTHORITY_INVALID")
def _untrusted_by_a_browser(seen):
    return seen.run("chromium", *FLAGS, seen.idp.tls_url)


@provokes("net::ERR_CONNECTION_REFUSED")
def _no_app(seen):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return seen.run("chromium", *FLAGS, f"http://localhost:{port}/callback?code=1")


@provokes("has been blocked by CORS policy")
def _blocked_page(seen):
    form = "new URLSearchParams({grant_type: 'x'})"
    page = f"<script>fetch('{seen.idp.url}/oauth/token', {{method: 'POST', body: {form}}})</script>"
    log = ["--enable-logging=stderr", "--virtual-time-budget=3000"]
    by_browser = seen.run("chromium", *log, *FLAGS, f"data:text/html,{page}")
    headers = {"Origin": "http://localhost:9999", "Access-Control-Request-Method": "POST"}
    preflight = requests.options(f"{seen.idp.url}/oauth/token", headers=headers, timeout=5)
    return by_browser + seen.see(preflight)


@provokes("Callback URL mismatch.")
def _wrong_callback(seen):
    login = "/authorize?client_id=acme-web&response_type=code&redirect_uri="
    return seen.get(f"{login}http://localhost:3000/login", headers={"Accept": "text/html"})


@provokes("Unknown client: my-app")
def _unknown_client(seen):
    return seen.get("/authorize?client_id=my-app&response_type=code")


@provokes("Unknown host")
def _unknown_host(seen):
    return seen.get("/", headers={"Host": "idp.acme.example"})


def _log_in_with_password(seen, password):
    client = {"client_id": "acme-web", "client_secret": "acme-web-secret", "grant_type": "password"}
    return seen.post(**client, username="alice@acme.example", password=password)


@provokes("Wrong email or password.")
def _wrong_password(seen):
    return _log_in_with_password(seen, "wrong")


@provokes("Your account has been blocked after multiple consecutive login attempts.")
def _too_many_passwords(seen):
    for _ in range(10):
        _log_in_with_password(seen, "wrong")
    shown = _log_in_with_password(seen, "Passw0rd!")
    assert "too_many_attempts" in shown
    return shown


@provokes("login_required")
def _silent_login_without_session(seen):
    silent = "/authorize?client_id=acme-spa&response_type=code&prompt=none&redirect_uri="
    refused = seen.get(f"{silent}http://localhost:3000")
    message = "http://localhost:9999&response_mode=web_message"
    seen.idp.patch_client("acme-spa", callbacks=["http://localhost:9999"])
    return refused + seen.get(f"{silent}{message}", headers={"Referer": "http://localhost:9999/"})


@provokes("CSRF Warning! State not equal in request and response.")
def _other_state(seen):
    app = OAuth2Session("acme-web", "acme-web-secret", redirect_uri=CALLBACK)
    with pytest.raises(MismatchingStateException) as refused:
        app.fetch_token(
            f"{seen.idp.url}/oauth/token",
            authorization_response=f"{CALLBACK}?code=1&state=one",
            state="another",
        )
    return str(refused.value)


@provokes("Unauthorized")
def _unauthorized(seen):
    token = seen.idp.access_token(audience=f"{seen.idp.url}/api/v2/", client="acme-m2m")
    body = {"protocol": "oauth2", "impersonator_id": "auth0|admin", "client_id": "acme-web"}
    link = requests.post(
        f"{seen.idp.url}/users/auth0|alice/impersonate",
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=5,
    )
    assert (link.status_code, "Unauthorized" in link.text) == (401, True)
    return seen.post(client_id="nobody") + seen.see(link)


@provokes("Non-global clients are not allowed access to APIv1")
def _no_audience(seen):
    return seen.post()


@provokes("Service not enabled within domain: https://api.acme.example")
def _unknown_audience(seen):
    return seen.post(audience="https://api.acme.example")


@provokes("is not authorized to access resource server")
def _no_client_grant(seen):
    return seen.post(audience="https://reports.acme.example/")


@provokes("Insufficient scope, expected any of: create:users")
def _no_scope(seen):
    url = f"{seen.idp.url}/api/v2/"
    answer = json.loads(seen.post(audience=url).partition("\n")[0])
    token = {"Authorization": f"Bearer {answer['access_token']}"}
    return seen.see(requests.post(f"{url}users", json={}, headers=token, timeout=5))


@provokes("Grant type 'password' not allowed for the client.")
def _grant_not_allowed(seen):
    return seen.post(grant_type="password", username="alice@acme.example", password="Passw0rd!")


@provokes("Invalid authorization code")
def _code_used_twice(seen):
    seen.idp.sign_in_as("alice")
    login = f"/authorize?client_id=acme-web&response_type=code&redirect_uri={CALLBACK}"
    answer = requests.get(f"{seen.idp.url}{login}", timeout=5, allow_redirects=False)
    form = {
        "grant_type": "authorization_code",
        "client_id": "acme-web",
        "client_secret": "acme-web-secret",
        "code": answer.headers["Location"].partition("code=")[2],
        "redirect_uri": CALLBACK,
    }
    assert json.loads(seen.post(**form).partition("\n")[0])["access_token"]
    return seen.post(**form)


@provokes("is not implemented by mockidp")
def _not_implemented(seen):
    answer = requests.post(f"{seen.idp.url}/bc-authorize", data={"a": "b"}, timeout=5)
    assert answer.status_code == 501
    return seen.see(answer)


def _check(seen, token, *, issuer=None):
    keys = jwt.PyJWKClient(f"{seen.idp.issuer}.well-known/jwks.json")
    try:
        key = keys.get_signing_key_from_jwt(token)
        jwt.decode(token, key, ["RS256"], audience=API, issuer=issuer or seen.idp.issuer)
    except jwt.PyJWTError as error:
        return str(error)
    return "accepted"


@provokes("Not enough segments")
def _opaque_token(seen):
    return _check(seen, seen.idp.access_token(user="alice"))


@provokes("Invalid issuer")
def _other_issuer(seen):
    token = seen.idp.access_token(audience=API, user="alice")
    return _check(seen, token, issuer=seen.idp.issuer.replace("localhost", "127.0.0.1"))


@provokes("Audience doesn't match")
def _other_audience(seen):
    token = seen.idp.access_token(audience="https://reports.acme.example/", user="alice")
    return _check(seen, token)


@provokes("The token is not yet valid (iat)")
def _clock_ahead(seen):
    seen.idp.clock.advance(3600)
    return _check(seen, seen.idp.access_token(audience=API, user="alice"))


@provokes("Signature has expired")
def _expired(seen):
    return _check(seen, seen.idp.access_token(audience=API, user="alice", expired=True))


@provokes("Impersonation - Bad mac")
def _bad_mac(seen):
    link = seen.idp.impersonation_link(
        "alice", client="acme-web", callback_url=CALLBACK, state="to-admin"
    )
    return seen.see(requests.get(f"{link}&next=/admin", timeout=5))
