"""The configuration that the console shows for frameworks on a server: run it, and log in."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from helpers.free_ports import find_free_ports
from helpers.html_page import Page

CLIENTS = Path(__file__).parent
ALICE = {"username": "alice@acme.example", "password": "Passw0rd!", "action": "default"}
SECRET = "a-secret-of-the-snippet"


@pytest.fixture
def app_url(remote):
    """The URL of an app. The client `snippet` has the callbacks of all frameworks there."""
    url = f"http://localhost:{find_free_ports([3000])[3000]}"
    remote.add_client(
        "snippet",
        client_secret=SECRET,
        callbacks=[f"{url}/callback", f"{url}/auth/callback"],
        grant_types=["authorization_code", "refresh_token", "implicit"],
    )
    yield url
    remote.remove_client("snippet")


@pytest.fixture
def snippet(acme, app_url):
    """Return a function that returns a configuration from the console."""

    def snippet(framework):
        url = f"{acme.url}/_mockidp/?client=snippet"
        page = Page(requests.get(url, timeout=10).text)
        [found] = page.find("pre", **{"data-testid": f"snippet-{framework}"})
        return page.texts[found]

    return snippet


def log_in(session, url, app_url):
    """Log in as alice. Return the answer that leads to the callback: a redirect or a form."""
    answer = session.get(url, timeout=10)
    assert urlsplit(answer.url).path == "/u/login", answer.text
    page = Page(answer.text)
    token = page.values(0)["state"]
    answer = session.post(
        answer.url, data={"state": token, **ALICE}, allow_redirects=False, timeout=10
    )
    while answer.is_redirect and not answer.headers["Location"].startswith(app_url):
        answer = session.get(
            requests.compat.urljoin(answer.url, answer.headers["Location"]),
            allow_redirects=False,
            timeout=10,
        )
    return answer


def test_express(snippet, app_url, tmp_path, node):
    (tmp_path / "app.js").write_text(snippet("express"))
    (tmp_path / "node_modules").symlink_to(CLIENTS / "node" / "node_modules")
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(
        [shutil.which("node"), "--no-deprecation", tmp_path / "app.js"],
        env=environment,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            session = requests.Session()
            session.trust_env = False
            wait_for(app_url)
            posted = Page(log_in(session, f"{app_url}/login", app_url).text)
            assert posted.forms[0]["form"]["action"] == f"{app_url}/callback"
            session.post(f"{app_url}/callback", data=posted.values(0), timeout=10)
            assert session.get(app_url, timeout=10).json()["email"] == "alice@acme.example"
        finally:
            process.terminate()


def wait_for(url):
    """Wait until a server answers."""
    for _ in range(100):
        try:
            return requests.get(url, timeout=10)
        except requests.ConnectionError:
            time.sleep(0.1)
    return pytest.fail(f"{url} does not answer")


def test_python(snippet, app_url, monkeypatch):
    monkeypatch.setenv("AUTH0_CLIENT_SECRET", SECRET)
    names = {"__name__": "snippet"}
    exec(compile(snippet("python"), "app.py", "exec"), names)
    app = names["app"].test_client()
    start = app.get("/login", base_url=app_url)
    finished = log_in(requests.Session(), start.location, app_url)
    answer = app.get(finished.headers["Location"], base_url=app_url)
    assert (answer.status_code, answer.location) == (302, "/")
    assert app.get("/", base_url=app_url).json["email"] == "alice@acme.example"


PROGRAM = """
import { readFileSync } from 'node:fs';
import { NextRequest } from 'next/server.js';
import { auth0 } from './auth0.mjs';

const { url, cookie } = JSON.parse(readFileSync(0));
const answer = await auth0.middleware(new NextRequest(url, { headers: { cookie } }));
const cookies = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
const session = await auth0.getSession(new NextRequest(url, { headers: { cookie: cookies.join('; ') } }));
console.log(JSON.stringify({
  location: answer.headers.get('location'), cookies, email: session?.user.email ?? null,
}));
"""


def test_nextjs(snippet, app_url, tmp_path):
    modules = CLIENTS / "nextjs" / "node_modules"
    if not (modules / "next").is_dir():
        skip = pytest.fail if os.environ.get("CI") else pytest.skip
        skip("needs Next.js: npm ci --prefix tests/clients/nextjs")
    (tmp_path / "node_modules").symlink_to(modules)
    (tmp_path / "auth0.mjs").write_text(snippet("nextjs"))
    (tmp_path / "program.mjs").write_text(PROGRAM)

    def call(url, cookies=()):
        done = subprocess.run(
            [shutil.which("node"), "--no-deprecation", "program.mjs"],
            input=json.dumps({"url": url, "cookie": "; ".join(cookies)}).encode(),
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "AUTH0_CLIENT_SECRET": SECRET,
                "AUTH0_SECRET": "5d" * 32,
            },
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    started = call(f"{app_url}/auth/login")
    finished = log_in(requests.Session(), started["location"], app_url)
    answer = call(finished.headers["Location"], started["cookies"])
    assert answer["email"] == "alice@acme.example"
    assert answer["location"].rstrip("/") == app_url
