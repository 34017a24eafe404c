"""The page of the outbox."""

import pytest

from mockidp.web.console.outbox import MAX_ROWS


def send(console, **content):
    message = {"to": "alice@acme.example", "kind": "reset_email", "text": "Hello Alice"} | content
    return console.tenant.outbox.send(**message)


def test_without_messages_it_says_what_would_appear(console):
    console.open("/outbox")
    assert console.text("nothing") == [
        "Nothing has been sent yet. Reset links, invitations and codes appear here."
    ]
    assert console.text("clear") == []


def test_an_email_has_its_link(console):
    link = "http://localhost:9400/u/reset-password?ticket=abc"
    send(console, subject="Reset your password", link=link)
    console.open("/outbox")
    [message] = console.text("message")
    assert message.startswith("#1 Reset your passworde-mail")
    assert "alice@acme.example" in message
    assert "Hello Alice" in message
    [anchor] = console.page.find("a", **{"data-testid": "link"})
    assert console.page.text_of(anchor) == link
    assert f'href="{link.replace("&", "&amp;")}"' in console.get("/_mockidp/outbox").text


def test_a_text_message_has_its_code(console):
    send(console, to="+4930123456", kind="sms", code="123456")
    console.open("/outbox")
    assert console.text("code") == ["123456"]
    assert "text message" in console.text("message")[0]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "/relative"]
)
def test_only_urls_of_the_web_can_be_opened(console, link):
    send(console, subject="Hello", link=link)
    console.open("/outbox")
    assert console.text("link") == []
    assert console.text("no-link") == [link.strip()]


def test_markup_in_a_message_is_text(console):
    send(console, subject="<b>x</b>", text="<script>alert(1)</script>")
    html = console.get("/_mockidp/outbox").text
    assert "<script>alert" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_the_latest_message_comes_first_and_the_oldest_are_counted(console):
    for number in range(MAX_ROWS + 2):
        send(console, text=f"text {number}")
    console.open("/outbox")
    rows = console.text("message")
    assert len(rows) == MAX_ROWS
    assert rows[0].startswith(f"#{MAX_ROWS + 2} ")
    assert "and 2 older ones" in console.page.text


def test_it_is_cleared(console):
    send(console)
    console.open("/outbox")
    console.follow_change("/outbox/clear")
    assert len(console.text("nothing")) == 1
    assert len(console.tenant.outbox) == 0
