"""response_mode=web_message in a real browser: in an iframe, in a popup, and relayed to a frame."""

from urllib.parse import urlencode

import pytest

ORIGIN = "http://localhost:3000"
PASSWORD = "Passw0rd!"

IN_FRAME = """([url, name]) => new Promise(done => {
    window.addEventListener("message", event => done([event.origin, event.data]))
    const frame = document.createElement("iframe")
    frame.src = url
    document.body.append(frame) })"""

OPEN_POPUP = """([url]) => {
    window.answer = new Promise(done =>
        window.addEventListener("message", event => {
            event.source.close()
            done([event.origin, event.data]) }))
    window.open(url, "login", "width=400,height=600") }"""

RELAYED = """([url, name]) => new Promise(done => {
    const receiver = document.createElement("iframe")
    receiver.name = name
    receiver.src = "/frame"
    receiver.onload = () => {
        receiver.contentWindow.addEventListener("message",
            event => done([event.origin, event.data, window.messages]))
        const login = document.createElement("iframe")
        login.src = url
        document.body.append(login) }
    window.messages = []
    window.addEventListener("message", event => {
        window.messages.push(event.data)
        event.source.postMessage({type: "relay_response"}, event.origin) })
    document.body.append(receiver) })"""


@pytest.fixture
def url_of(server):
    """Return a function that returns the URL of an authorization request."""

    def url(**parameters):
        request = {
            "client_id": "acme-spa", "redirect_uri": f"{ORIGIN}/callback", "scope": "openid",
            "response_type": "code", "response_mode": "web_message", "state": "</script>\"'é",
            **parameters,
        }  # fmt: skip
        return f"{server.url}/authorize?{urlencode(request)}"

    return url


@pytest.fixture
def page(user):
    """Open the application before any login."""
    user.page.goto(f"{ORIGIN}/")
    return user.page


def log_in(popup):
    popup.locator("input[name=username]").first.fill("alice@acme.example")
    popup.locator("input[name=password]").first.fill(PASSWORD)
    popup.locator("button[value=default]").first.click()


def test_a_popup_logs_in_and_an_iframe_logs_in_silently(page, url_of, server):
    with page.expect_popup() as opened:
        page.evaluate(OPEN_POPUP, [url_of()])
    log_in(opened.value)
    origin, message = page.evaluate("() => window.answer")
    assert (origin, message["type"]) == (server.url, "authorization_response")
    assert set(message["response"]) == {"code", "state"}
    assert message["response"]["state"] == "</script>\"'é"
    origin, message = page.evaluate(IN_FRAME, [url_of(prompt="none"), ""])
    assert (origin, message["type"]) == (server.url, "authorization_response")
    assert set(message["response"]) == {"code", "state"}


def test_an_error_arrives_as_a_message(page, url_of):
    _, message = page.evaluate(IN_FRAME, [url_of(prompt="none"), ""])
    assert message == {
        "type": "authorization_response",
        "response": {
            "error": "login_required",
            "error_description": "Login required",
            "state": "</script>\"'é",
        },
    }


def test_a_relayed_response_reaches_only_the_frame(page, url_of, server):
    relay = {"web_message_uri": f"{ORIGIN}/frame", "web_message_target": "receiver"}
    origin, message, messages = page.evaluate(RELAYED, [url_of(prompt="none", **relay), "receiver"])
    assert origin == server.url
    assert message["response"]["error"] == "login_required"
    assert messages == [{"type": "relay_request"}]


def test_another_origin_receives_no_message(user, url_of, server):
    page = user.page
    page.goto(f"{server.url}/u/login")
    page.evaluate("""() => {
        window.messages = []
        window.addEventListener("message", event => window.messages.push(event.data)) }""")
    with page.expect_console_message(lambda one: "postMessage" in one.text) as logged:
        page.evaluate(
            """url => {
                const frame = document.createElement("iframe")
                frame.src = url
                document.body.append(frame) }""",
            url_of(prompt="none"),
        )
    assert f"target origin provided ('{ORIGIN}') does not match" in logged.value.text
    assert page.evaluate("() => window.messages") == []
