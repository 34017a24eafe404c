"""The middleware of @auth0/nextjs-auth0 without Next.js, in a browser."""

import contextlib
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers.nextjs import (
    API,
    CLIENT,
    URL,
)
from helpers.node_app import node_app

PROGRAM = Path(__file__).parents[3] / "nextjs" / "app.mjs"


@pytest.fixture(scope="module")
def run_app(server):
    """Return a function that starts the app with options of the SDK and returns its first line."""
    installed = PROGRAM.parent / "node_modules" / ".package-lock.json"
    if not shutil.which("node") or not installed.exists():
        # In CI nothing may be skipped.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "needs node and its packages: npm ci --prefix tests/clients/nextjs"
        )
    defaults = {
        "domain": server.url,
        "allowInsecureRequests": True,
        "clientId": "acme-web",
        "clientSecret": "acme-web-secret",
        "secret": "0" * 64,
        "appBaseUrl": URL,
        "authorizationParameters": {
            "audience": API, "scope": "openid profile email offline_access read:items",
        },
    }  # fmt: skip
    with contextlib.ExitStack() as stack:

        def run_app(**options):
            return stack.enter_context(
                node_app(PROGRAM, defaults | options, ca_file=server.ca_file)
            )

        yield run_app


@pytest.fixture(scope="module")
def application(run_app):
    return SimpleNamespace(port=int(run_app()))


@pytest.fixture(scope="module")
def chromium(launch):
    return launch("localhost")


@pytest.fixture(autouse=True)
def client(visitor):
    """Register the SDK's callback."""
    visitor.patch_client("acme-web", **CLIENT)
