"""auth0-react with its defaults, in an app built with Vite."""

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
    """Return the configuration of the SDK's quick start: a domain and a client."""
    return {"domain": server.url, "clientId": "acme-spa"}


def test_a_reload_keeps_the_user_logged_in(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    visitor.page.reload()
    visitor.wait_for_heading("Hello alice@acme.example")
    silent = visitor.journal(endpoint="authorize")[-1]
    assert (silent["status"], silent["parameters"]["response_mode"]) == (200, "web_message")


def test_a_popup_logs_in(visitor, config):
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    popup = visitor.click_for_popup("Log in with a popup")
    visitor.pick_user("bob", popup)
    visitor.wait_for_heading("Hello bob@acme.example")


def test_a_protected_page_redirects_to_the_login(visitor, config):
    visitor.open("/guarded", **config)
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")
    visitor.page.goto("http://localhost:3000/guarded")
    visitor.wait_for_heading("Guarded page")


def test_a_logout_ends_the_session(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    visitor.log_out()
    visitor.click("Log in")
    visitor.page.get_by_role("button", name="alice@acme.example").wait_for()
