"""A page of another origin, in a real browser, changes nothing in the mock; one of ours does."""

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


OURS_SUCCEED = {"fetch of JSON", "beacon of JSON", "DELETE", "PUT"}


@pytest.fixture
def tenant(server):
    """The mock's tenant, of which a test may change what it likes."""

    def call(path, method="GET"):
        asked = urllib.request.Request(
            server.url + V1 + path, b"{}" if method == "POST" else None, method=method
        )
        asked.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.read()

    yield lambda: call("/tenant")
    call("/reset", "POST")


def tries(page, server, attempt):
    """Let a page try, until its request was answered or given up."""
    over = []
    for event in ("response", "requestfailed"):
        page.context.on(event, lambda one: over.append(one.url) if V1 in one.url else None)
    given = [f"{server.url}{V1}/users", json.dumps(USER)]
    page.evaluate(
        f"async given => {{ try {{ await ({attempt})(given) }} catch (error) {{}} }}", given
    )
    ends = time.monotonic() + 10
    while not over and time.monotonic() < ends:
        page.wait_for_timeout(5)  # lets Playwright tell of what happens
    assert over


@pytest.mark.parametrize("name", ATTEMPTS)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_page_of_another_origin_changes_nothing(person, tenant, application, host, name):
    port = 3000 if host == "localhost" else application.port
    person.page.goto(f"http://{host}:{port}/elsewhere")
    before = tenant()
    tries(person.page, person.server, ATTEMPTS[name])
    assert tenant() == before


@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_page_of_ours_changes_what_it_asks_for_in_json(person, tenant, name):
    person.page.goto(f"{person.server.url}/_mockidp/health")
    before = tenant()
    tries(person.page, person.server, ATTEMPTS[name])
    assert (tenant() != before) == (name in OURS_SUCCEED)


def test_a_page_of_another_origin_reads_nothing(person):
    person.page.goto("http://localhost:3000/elsewhere")
    read = "url => fetch(url).then(answer => answer.text(), error => String(error))"
    assert "TypeError" in person.page.evaluate(read, f"{person.server.url}{V1}/snapshot")
    person.page.goto(f"{person.server.url}/_mockidp/health")
    assert "private_key" in person.page.evaluate(read, f"{person.server.url}{V1}/snapshot")


def test_a_person_may_follow_a_link_to_what_is_read(person):
    person.page.goto("http://localhost:3000/elsewhere")
    with person.page.expect_navigation() as followed:
        person.page.evaluate("url => { location.href = url }", f"{person.server.url}{V1}/clock")
    assert followed.value.status == 200
