"""auth0-react with its defaults, in an app that Vite has built."""

import shutil
import subprocess

import pytest


@pytest.fixture(scope="module")
def site(installed, tmp_path_factory):
    modules = installed("@auth0/auth0-react", "react-dom", "vite")
    built = tmp_path_factory.mktemp("react")
    done = subprocess.run(
        [
            *(shutil.which("node"), modules / "vite" / "bin" / "vite.js", "build"),
            *(modules.parent / "apps" / "auth0-react", "--outDir", built, "--logLevel", "warn"),
        ],
        cwd=built,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [built]


@pytest.fixture
def config(server):
    """The configuration of the SDK's quick start: a domain and a client."""
    return {"domain": server.url, "clientId": "acme-spa"}


def test_a_reload_keeps_the_user_logged_in(visitor, config):
    visitor.opens(**config)
    visitor.logs_in()
    visitor.page.reload()
    visitor.sees("Hello alice@acme.example")
    silent = visitor.journal(endpoint="authorize")[-1]
    assert (silent["status"], silent["parameters"]["response_mode"]) == (200, "web_message")


def test_a_popup_logs_in(visitor, config):
    visitor.opens(**config)
    visitor.sees("Nobody")
    popup = visitor.clicks_for_a_popup("Log in with a popup")
    visitor.picks("bob", popup)
    visitor.sees("Hello bob@acme.example")


def test_a_guarded_page_leads_to_the_login(visitor, config):
    visitor.opens("/guarded", **config)
    visitor.picks("alice")
    visitor.sees("Hello alice@acme.example")
    visitor.page.goto("http://localhost:3000/guarded")
    visitor.sees("Guarded page")


def test_a_logout_ends_the_session(visitor, config):
    visitor.opens(**config)
    visitor.logs_in()
    visitor.logs_out()
    visitor.clicks("Log in")
    visitor.page.get_by_role("button", name="alice@acme.example").wait_for()
