"""docs/how-to/vue.md: Vite serves the page's app, and a user logs in, reloads and logs out."""

from urllib.parse import urlsplit

import pytest

from helpers.free_ports import find_free_ports


@pytest.fixture(scope="module")
def port():
    return find_free_ports([5173])[5173]


@pytest.fixture(scope="module")
def chromium(launch, port):
    return launch(f"localhost:5173 {port}", "localhost")


def test_a_user_logs_in_reloads_and_logs_out(guide, server, port, alice):
    vue = guide("vue.md", "node")
    servers = ["mockidp serve --example acme", "npm run dev"]
    vue.create(servers, {9400: urlsplit(server.url).port})
    command = f"npm run dev -- --host 127.0.0.1 --port {port} --strictPort"
    with vue.running(command, ready="Local:"):
        alice.page.goto("http://localhost:5173/")
        alice.clicks("Log in")
        alice.types_her_password()
        alice.reloads()
        alice.is_greeted()
        alice.clicks("Log out")
        alice.is_logged_out()
