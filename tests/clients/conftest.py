"""Fixtures for real clients: a real `mockidp serve`, and Node programs that call it."""

import contextlib
import json
import os
import selectors
import shutil
import subprocess
import sys
from http import HTTPStatus
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import requests
from clients.compatibility import Compatibility
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from helpers.assertions import OTHER_KEY, private_pem, public_pem
from helpers.browser import Browser
from helpers.management_calls import operation_of
from mockidp import RemoteIdP

NODE = shutil.which("node")
PROGRAMS = Path(__file__).parent / "node"
INSTALL = "needs node: `npm ci --prefix tests/clients/node`"
INSTALL_AUTH0_PYTHON = "needs older versions of auth0-python: `tests/clients/run 'auth0-python 3'`"
CURRENT_AUTH0_PYTHON = 6


def pytest_addoption(parser):
    parser.addoption("--client", metavar="NAME", help="run only the tests of this client")
    parser.addoption("--clients-ran", metavar="FILE", help="write what the tests of clients showed")


def pytest_configure(config):
    config.pluginmanager.register(Compatibility(config))


@pytest.fixture(scope="session")
def node():
    """Return a function that runs a program of tests/clients/node with JSON input and output."""
    if not NODE or not (PROGRAMS / "node_modules" / ".package-lock.json").exists():
        # In CI nothing may be skipped.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(INSTALL)

    def run(program, given, *, ca_file=None):
        # Without other variables, because a proxy would intercept the requests to the mock.
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        if ca_file:
            environment["NODE_EXTRA_CA_CERTS"] = str(ca_file)
        done = subprocess.run(
            [NODE, "--no-deprecation", PROGRAMS / program],
            input=json.dumps(given).encode(),
            capture_output=True,
            env=environment,
            timeout=500,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return run


@contextlib.contextmanager
def _serving(folder, *options, example="acme", **variables):
    """Run `mockidp serve`, and return its JSON line as a namespace."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("MOCKIDP_")
    }
    command = [
        *(sys.executable, "-m", "mockidp", "serve", "--json"),
        *("--listen", "localhost:0", "--tls-listen", "localhost:0", "--data-dir", "data"),
        *(("--example", example) if example else ()),
    ]
    with (folder / "log").open("w") as log, selectors.DefaultSelector() as selector:
        process = subprocess.Popen(
            [*command, *options],
            cwd=folder,
            env=inherited | variables,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        try:
            selector.register(process.stdout, selectors.EVENT_READ)
            line = process.stdout.readline() if selector.select(timeout=30) else b""
            assert line, (folder / "log").read_text()
            yield SimpleNamespace(**json.loads(line))
        finally:
            process.terminate()
            process.communicate(timeout=10)
    assert process.returncode == 0, (folder / "log").read_text()


@pytest.fixture(scope="session")
def serving():
    """Return a context manager that runs `mockidp serve` in a folder, with options and variables.

    It serves the example acme, or no example if `example` is None.
    """
    return _serving


@pytest.fixture(scope="session")
def signing_key():
    """Return the signing key of the running tenant as PEM, so that tests can sign tokens, too."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.fixture(scope="session")
def acme(serving, tmp_path_factory, signing_key):
    """Run `mockidp serve --example acme` on http and https."""
    folder = tmp_path_factory.mktemp("acme")
    (folder / "key.pem").write_bytes(signing_key)
    with serving(folder, "--keys", "key.pem") as server:
        yield server


@pytest.fixture(scope="module")
def remote(acme):
    """Return the running tenant, which is restored at the end of the module."""
    with RemoteIdP(acme.url) as remote:
        before = remote.snapshot()
        yield remote
        remote.restore(before)


@pytest.fixture(scope="module")
def signer(remote):
    """Add the client `signer`, which authenticates and signs its requests with a key.

    The tenant accepts pushed requests.
    """
    credentials = [{"name": "sdk", "pem": public_pem()}]
    remote.add_client(
        "signer",
        callbacks=["http://localhost:3000/callback"],
        grant_types=["authorization_code", "refresh_token", "client_credentials"],
        client_authentication_methods={"private_key_jwt": {"credentials": credentials}},
        signed_request_object={"credentials": credentials},
    )
    api = "https://api.acme.example/"
    remote.add_client_grant(client_id="signer", audience=api, scope=["read:items"])
    pushed = {"tenant": {"pushed_authorization_requests_supported": True}}
    requests.patch(f"{remote.url}/_mockidp/v1/tenant", json=pushed, timeout=10).raise_for_status()


@pytest.fixture
def browser(acme):
    """Return a browser without JavaScript that trusts the mock's CA."""
    browser = Browser()
    with browser.session:
        browser.session.verify = acme.ca_file
        yield browser


@pytest.fixture(params=["url", "tls_url"])
def flows(request, node, acme, signer):
    """Return a function that runs all flows of a Node client at http or https, and the issuer."""
    issuer = getattr(acme, request.param) + "/"
    given = {
        "issuer": issuer,
        "control": f"{acme.url}/_mockidp/v1",
        "callback": "http://localhost:3000/callback",
        "logoutUrl": "http://localhost:3000",
        "audience": "https://api.acme.example/",
        "username": "alice@acme.example",
        "password": "Passw0rd!",
        "web": {"clientId": "acme-web", "clientSecret": "acme-web-secret"},
        "key": private_pem(),
        "otherKey": private_pem(OTHER_KEY),
    }
    return (lambda program: node(program, given, ca_file=acme.ca_file)), issuer


@pytest.fixture
def record_calls(request, record_property):
    """Return a function that records the calls of the Management API in a journal.

    docs/reference/management.md lists the clients of each call.
    """
    clients = {mark.args[0] for mark in request.node.iter_markers("client")}

    def record(idp):
        done = (one for one in idp.journal.of("management") if one.status < HTTPStatus.BAD_REQUEST)
        paths = ((one.method, urlsplit(one.url).path.removeprefix("/api/v2")) for one in done)
        called = filter(None, (operation_of(method, path) for method, path in paths))
        calls = {f"{one.method} {one.path}" for one in called}
        for fact in product(clients, sorted(calls)):
            record_property("call", fact)

    return record


@pytest.fixture(scope="session")
def node_apps(node):
    """Return the folder of the apps that run in Node. Without Node, skip or fail the test."""
    return PROGRAMS / "apps"


@pytest.fixture(scope="session")
def old_auth0_python():
    """Return a function that runs a program with a major version of auth0-python, mostly old."""
    folder = Path(__file__).parent / "python"

    def run(given, *, program="old_auth0_python.py", ca_file=None):
        packages = folder / f".auth0-python-{given['major']}"
        if given["major"] == CURRENT_AUTH0_PYTHON:
            packages = ""
        elif not packages.is_dir():
            (pytest.fail if os.environ.get("CI") else pytest.skip)(INSTALL_AUTH0_PYTHON)
        trusted = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), str(ca_file))
        done = subprocess.run(
            [sys.executable, folder / program],
            input=json.dumps(given).encode(),
            capture_output=True,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(packages),
                **(trusted if ca_file else {}),
            },
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return run
