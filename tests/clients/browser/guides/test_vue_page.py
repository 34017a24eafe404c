"""docs/how-to/vue.md: a user logs in, reloads and logs out in the app, served by Vite."""

from urllib.parse import urlsplit

import pytest

from helpers.free_ports import find_free_ports


@pytest.fixture(scope="module")
def port():
    return find_free_ports([5173])[5173]


@pytest.fixture(scope="module")
def chromium(launch, port):
    return launch(f"localhost:5173 {port}", "localhost")


def test_log_in_reload_and_log_out(guide, server, port, alice):
    vue = guide("vue.md", "node")
    servers = ["mockidp serve --example acme", "npm run dev"]
    vue.create(servers, {9400: urlsplit(server.url).port})
    command = f"npm run dev -- --host 127.0.0.1 --port {port} --strictPort"
    with vue.running(command, ready="Local:"):
        alice.page.goto("http://localhost:5173/")
        alice.click("Log in")
        alice.enter_password()
        alice.reload()
        alice.wait_for_greeting()
        alice.click("Log out")
        alice.wait_until_logged_out()
