"""E-mails and text messages, read in the process and over HTTP."""

import threading

import pytest

from mockidp.errors import MockIdPError, TimedOut
from mockidp.tenant.outbox import Message

RESET = {
    "to": "alice@acme.example",
    "kind": "reset_email",
    "subject": "Reset your password",
    "text": "Open the link",
    "link": "https://acme.example/reset?ticket=abc",
    "user_id": "auth0|alice",
    "client_id": "web",
}
CODE = {"to": "+15550100", "kind": "sms", "text": "Your code is 123456", "code": "123456"}


@pytest.fixture
def send(behind):
    """Return the function with which flows add a message."""
    return behind.tenant.outbox.send


def test_messages_are_listed_with_all_their_fields(idp, send):
    assert list(idp.outbox) == []
    send(**RESET)
    send(**CODE)
    at = 1896091200.0
    assert list(idp.outbox) == [
        Message(number=1, at=at, **RESET),
        Message(number=2, at=at, **CODE),
    ]
    assert len(idp.outbox) == 2


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [1, 2]),
        ({"to": "+15550100"}, [2]),
        ({"kind": "reset_email", "client": "web"}, [1]),
        ({"user": "alice"}, [1]),
        ({"user": "bob"}, []),
        ({"after": 1}, [2]),
    ],
)
def test_a_query_selects_messages(idp, send, query, numbers):
    send(**RESET)
    send(**CODE)
    assert [one.number for one in idp.outbox.of(**query)] == numbers
    assert [one.number for one in idp.outbox.wait_for(timeout=0, times=0, **query)] == numbers


def test_the_last_message_has_the_link_to_open(idp, send):
    assert idp.outbox.last() is None
    send(**RESET)
    send(**CODE)
    assert idp.outbox.last(user="alice").link == "https://acme.example/reset?ticket=abc"
    assert idp.outbox.last().code == "123456"


def test_wait_for_waits_for_a_later_message(idp, send):
    later = threading.Timer(0.05, lambda: send(**CODE))
    later.start()
    (found,) = idp.outbox.wait_for(kind="sms", timeout=30)
    assert found.code == "123456"
    later.join()
    assert idp.outbox.wait_for(kind="sms", timeout=0) == [found]


def test_a_timeout_lists_the_messages_in_the_outbox(idp, send):
    send(**RESET)
    with pytest.raises(TimedOut) as waited:
        idp.outbox.wait_for(kind="sms", timeout=0.02)
    assert str(waited.value) == (
        "Waited 0.02 s for 1 x message with kind='sms', found 0. The outbox contains:\n"
        "  #1 reset_email to alice@acme.example: Reset your password."
    )


@pytest.mark.parametrize("method", ["of", "wait_for", "last"])
def test_unknown_conditions_and_users_are_errors(idp, method):
    with pytest.raises(MockIdPError, match=r"There is no condition 'knd'\. .*Did you mean kind\?"):
        getattr(idp.outbox, method)(knd="sms")
    with pytest.raises(MockIdPError, match=r"There is no user 'alise'\. .*Did you mean alice\?"):
        getattr(idp.outbox, method)(user="alise")


def test_clearing_deletes_the_messages(idp, send):
    send(**RESET)
    idp.outbox.clear()
    assert len(idp.outbox) == 0
    send(**CODE)
    idp.reset()
    assert list(idp.outbox) == []


def test_the_repr_of_a_remote_outbox_contains_its_url(idp, behind):
    expected = "<mockidp." if idp is behind else f"<outbox at {idp.url}>"
    assert repr(idp.outbox).startswith(expected)


def test_the_journal_has_an_entry_for_each_message(idp, send):
    send(**RESET)
    entry = idp.journal.last("outbox")
    assert (entry.user, entry.client, entry.method) == ("auth0|alice", "web", "SEND")
    assert "ticket" not in idp.journal.to_json()
