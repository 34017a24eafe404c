"""In a real browser, pages of other origins cannot change the mock, but mockidp's own can."""

import functools
import json
import time
import urllib.request

import pytest

V1 = "/_mockidp/v1"
USER = {"user_id": "auth0|intruder"}

ATTEMPTS = {
    "fetch of JSON": """([url, body]) => fetch(url, {
        method: "POST", body, headers: {"Content-Type": "application/json"}})""",
    "fetch of JSON without CORS": """([url, body]) => fetch(url, {
        method: "POST", body, mode: "no-cors", headers: {"Content-Type": "application/json"}})""",
    "fetch of text": """([url, body]) => fetch(url, {
        method: "POST", body, mode: "no-cors", headers: {"Content-Type": "text/plain"}})""",
    "fetch with cookies": """([url, body]) => fetch(url, {
        method: "POST", body, credentials: "include", mode: "no-cors"})""",
    "beacon": """([url, body]) => { navigator.sendBeacon(url, body) }""",
    "beacon of JSON": """([url, body]) => {
        navigator.sendBeacon(url, new Blob([body], {type: "application/json"})) }""",
    "DELETE": """([url]) => fetch(url + "/auth0%7Calice", {method: "DELETE"})""",
    "PUT": """([url, body]) => fetch(url.replace("users", "tenant"), {
        method: "PUT", body: "{}", headers: {"Content-Type": "application/json"}})""",
    "image": """([url]) => new Promise(done => {
        const image = new Image()
        image.onload = image.onerror = done
        image.src = url })""",
    "form": """([url, body]) => {
        const form = document.createElement("form")
        form.method = "POST"; form.action = url; form.enctype = "text/plain"
        const field = document.createElement("input")
        field.name = body.slice(0, -1) + ', "nickname": "'; field.value = '"}'
        form.append(field); document.body.append(form); form.submit() }""",
}


ALLOWED_FOR_OWN_PAGES = {"fetch of JSON", "beacon of JSON", "DELETE", "PUT"}


@pytest.fixture
def tenant(server):
    """Return a function that exports the tenant, and its `reset`, which is called at the end."""

    def call(path, method="GET"):
        request = urllib.request.Request(
            server.url + V1 + path, b"{}" if method == "POST" else None, method=method
        )
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    export = functools.partial(call, "/tenant")
    export.reset = functools.partial(call, "/reset", "POST")
    yield export
    export.reset()


def run_attempt(page, server, attempt):
    """Run an attempt in a page, until its request is answered or fails."""
    ended = []
    for event in ("response", "requestfailed"):
        page.context.on(event, lambda one: ended.append(one.url) if V1 in one.url else None)
    given = [f"{server.url}{V1}/users", json.dumps(USER)]
    page.evaluate(
        f"async given => {{ try {{ await ({attempt})(given) }} catch (error) {{}} }}", given
    )
    deadline = time.monotonic() + 10
    while not ended and time.monotonic() < deadline:
        page.wait_for_timeout(5)  # Playwright dispatches events meanwhile
    assert ended


def successful(user, tenant, url):
    """Return the names of the attempts that a page can make to change the tenant."""
    names = set()
    for name, attempt in ATTEMPTS.items():
        user.page.goto(url)  # some attempts leave the page
        before = tenant()
        run_attempt(user.page, user.server, attempt)
        if tenant() != before:
            names.add(name)
            tenant.reset()
    return names


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_page_of_another_origin_cannot_change_the_tenant(user, tenant, application, host):
    port = 3000 if host == "localhost" else application.port
    assert successful(user, tenant, f"http://{host}:{port}/elsewhere") == set()


def test_an_own_page_can_change_the_tenant_with_json(user, tenant):
    url = f"{user.server.url}/_mockidp/health"
    assert successful(user, tenant, url) == ALLOWED_FOR_OWN_PAGES


def test_a_page_of_another_origin_cannot_read_the_control_api(user):
    user.page.goto("http://localhost:3000/elsewhere")
    read = "url => fetch(url).then(answer => answer.text(), error => String(error))"
    assert "TypeError" in user.page.evaluate(read, f"{user.server.url}{V1}/snapshot")
    user.page.goto(f"{user.server.url}/_mockidp/health")
    assert "private_key" in user.page.evaluate(read, f"{user.server.url}{V1}/snapshot")


def test_a_link_to_the_control_api_can_be_followed(user):
    user.page.goto("http://localhost:3000/elsewhere")
    with user.page.expect_navigation() as followed:
        user.page.evaluate("url => { location.href = url }", f"{user.server.url}{V1}/clock")
    assert followed.value.status == 200
