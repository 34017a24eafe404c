"""The guide for native apps: its commands, and an app that follows all of its steps."""

import base64
import hashlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
from json import loads
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from helpers.browser import Browser
from helpers.console import read_examples, read_files, run_examples

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "native.md").read_text()
CALLBACK, LOOPBACK = "com.example.app://callback", "http://127.0.0.1:8765/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
REQUEST = {
    "client_id": "my-app",
    "response_type": "code",
    "redirect_uri": CALLBACK,
    "state": "xyz",
    "scope": "openid email offline_access",
    "audience": "https://api.example.com/",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("native")
    for name, text in read_files(PAGE).items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def mock(folder):
    """Start the mock as in the guide, on free ports."""
    assert "```bash\nmockidp serve tenant.yaml\n```" in PAGE
    command = [
        *[sys.executable, "-m", "mockidp", "serve", "tenant.yaml", "--json"],
        *["--listen", "localhost:0", "--tls-listen", "localhost:0"],
    ]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        yield SimpleNamespace(**loads(process.stdout.readline()))
        process.terminate()


@pytest.fixture
def browser():
    return SystemBrowser()


class SystemBrowser(Browser):
    """A browser that opens the app for a URL with the app's scheme."""

    def __init__(self):
        super().__init__()
        self.opened = None
        self.session.mount("com.example.app:", self)

    def send(self, request, **_options):
        self.opened = request.url
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = 200, request.url, request
        answer._content = b""
        return answer

    def close(self):
        """Do nothing. requests calls this because the browser is also an adapter."""


def test_the_commands_print_what_the_guide_shows(mock, folder, environment, skip_or_fail):
    for tool in ("curl", "openssl"):
        if shutil.which(tool) is None:
            skip_or_fail(f"{tool} is missing: apt install {tool}")
    page = PAGE
    for shown, url in ((9400, mock.url), (9443, mock.tls_url)):
        page = re.sub(rf"\b{shown}\b", url.rpartition(":")[2], page)
    examples = read_examples(page.replace("head -c 37", "cut -d ' ' -f 1,2"))
    variables = {**environment, "MOCKIDP_URL": mock.url}
    printed = run_examples(examples, cwd=folder, env=variables, ports={})
    assert len(printed) == len(examples) > 0
    for example, shown in zip(examples, printed, strict=True):
        assert example.is_shown_by(shown), f"$ {example.command}\n{shown}"


def log_in(mock, browser, **parameters):
    """Log Alice in on the login page. Return the parameters that the app receives."""
    url = (
        requests.Request("GET", f"{mock.url}/authorize", params=REQUEST | parameters).prepare().url
    )
    browser.open(url)
    if browser.opened is None:
        browser.submit(username="alice@example.com", password="Passw0rd!", action="default")
    opened, browser.opened = browser.opened, None
    assert opened.startswith(f"{CALLBACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(opened).query).items()}


def post(mock, **form):
    return requests.post(f"{mock.url}/oauth/token", data={"client_id": "my-app", **form}, timeout=5)


def exchange(mock, code, **form):
    defaults = {"code": code, "code_verifier": VERIFIER, "redirect_uri": CALLBACK}
    return post(mock, grant_type="authorization_code", **defaults | form)


def test_an_app_with_its_own_scheme_logs_in_refreshes_and_logs_out(mock, browser):
    answer = log_in(mock, browser)
    assert answer["state"] == "xyz"
    tokens = exchange(mock, answer["code"]).json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert (claims["email"], claims["aud"]) == ("alice@example.com", "my-app")
    refreshed = post(mock, grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()
    assert refreshed["scope"] == "openid email offline_access"
    # The second login is silent, because the browser has a session. A logout ends it.
    assert "code" in log_in(mock, browser)
    browser.open(f"{mock.url}/v2/logout?client_id=my-app&returnTo=com.example.app://logout")
    assert browser.opened == "com.example.app://logout"
    silent = requests.Request("GET", f"{mock.url}/authorize", params=REQUEST | {"prompt": "none"})
    browser.open(silent.prepare().url)
    assert "error=login_required" in browser.opened


@pytest.mark.parametrize(
    ("verifier", "status", "error"),
    [("w" * 43, 403, "invalid_grant"), (None, 403, "invalid_grant")],
)
def test_an_intercepted_code_is_refused_without_the_verifier(
    mock, browser, verifier, status, error
):
    code = log_in(mock, browser)["code"]
    refused = exchange(mock, code, code_verifier=verifier)
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert "code_verifier" in refused.headers["Mockidp-Hint"]


@pytest.mark.parametrize(
    "callback",
    ["com.example.app:/callback", "com.example.app://Callback", "COM.example.app://callback",
     LOOPBACK.replace("8765", "8766"), LOOPBACK.replace("127.0.0.1", "localhost")],
)  # fmt: skip
def test_a_callback_must_match_exactly_including_a_loopback_port(mock, callback):
    request = REQUEST | {"redirect_uri": callback}
    refused = requests.get(f"{mock.url}/authorize", params=request, timeout=5)
    assert refused.status_code == 403
    assert "Callback URL mismatch" in refused.text
    assert callback in refused.headers["Mockidp-Hint"]


def test_a_loopback_callback_with_its_port_is_accepted(mock, browser):
    sign_in = requests.post(f"{mock.url}/_mockidp/v1/sign-ins", json={"user": "alice"}, timeout=5)
    assert sign_in.status_code == 204
    request = REQUEST | {"redirect_uri": LOOPBACK}
    answer = requests.get(f"{mock.url}/authorize", params=request, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{LOOPBACK}?code=")


def test_the_issuer_for_an_emulator_has_the_address_that_it_uses(mock):
    host = f"10.0.2.2:{mock.url.rpartition(':')[2]}"
    emulator = requests.Session()
    emulator.headers["Host"] = host
    found = emulator.get(f"{mock.url}/.well-known/openid-configuration", timeout=5).json()
    assert found["issuer"] == f"http://{host}/"
    assert found["authorization_endpoint"] == f"http://{host}/authorize"
    login = emulator.get(f"{mock.url}/authorize", params=REQUEST, timeout=5)
    form = {"username": "alice@example.com", "password": "Passw0rd!", "action": "default"}
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', login.text))
    answer = emulator.post(login.url, data=hidden | form, allow_redirects=False, timeout=5)
    while not answer.headers["Location"].startswith(CALLBACK):
        answer = emulator.get(
            f"{mock.url}{answer.headers['Location']}", allow_redirects=False, timeout=5
        )
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"]
    form = {"client_id": "my-app", "grant_type": "authorization_code", "code": code}
    form |= {"code_verifier": VERIFIER, "redirect_uri": CALLBACK}
    tokens = emulator.post(f"{mock.url}/oauth/token", data=form, timeout=5).json()
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert claims["iss"] == f"http://{host}/"


@pytest.mark.parametrize(("name", "is_certified"), [("10.0.2.2", True), ("10.0.3.2", False)])
def test_the_certificate_is_for_the_addresses_in_hosts(mock, name, is_certified):
    context = ssl.create_default_context(cafile=mock.ca_file)
    port = int(mock.tls_url.rpartition(":")[2])
    with (
        socket.create_connection(("localhost", port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as encrypted,
    ):
        names = {value for _, value in encrypted.getpeercert()["subjectAltName"]}
    assert (name in names) is is_certified


def test_every_block_of_the_guide_is_tested():
    assert {*re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)} == {"yaml", "bash", "console"}
    assert list(read_files(PAGE)) == ["tenant.yaml"]
