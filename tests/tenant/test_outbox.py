import threading

import pytest

from helpers.acme import ACME
from mockidp.errors import MockIdPError
from mockidp.tenant.clock import Clock
from mockidp.tenant.outbox import MAX_BYTES, MAX_MESSAGES, Message
from mockidp.tenant.tenant import Tenant

NOW = 1_700_000_000.0
RESET = {
    "to": "alice@acme.example",
    "kind": "reset_email",
    "subject": "Reset your password",
    "text": "Open https://acme.example/reset?ticket=abc",
    "link": "https://acme.example/reset?ticket=abc",
    "user_id": "auth0|alice",
    "client_id": "web",
}
CODE = {
    "to": "+15550100",
    "kind": "passwordless_sms",
    "text": "Your code is 123456",
    "code": "123456",
}


@pytest.fixture
def tenant():
    clock = Clock()
    clock.freeze(NOW)
    return Tenant(ACME, clock=clock)


def test_a_message_is_kept_with_its_number_and_time(tenant):
    assert list(tenant.outbox) == []
    tenant.outbox.send(**RESET)
    sent = tenant.outbox.last()
    assert sent == Message(number=1, at=NOW, **RESET)
    tenant.clock.advance(60)
    tenant.outbox.send(**CODE)
    assert tenant.outbox.last() == Message(number=2, at=NOW + 60, **CODE)
    assert [one.number for one in tenant.outbox] == [1, 2]
    assert len(tenant.outbox) == 2


def test_a_message_as_text_shows_neither_link_nor_code(tenant):
    tenant.outbox.send(**RESET)
    assert str(tenant.outbox.last()) == (
        "#1 reset_email to alice@acme.example: Reset your password"
    )
    tenant.outbox.send(**CODE)
    assert str(tenant.outbox.last()) == "#2 passwordless_sms to +15550100"


def test_the_journal_has_an_entry_for_each_message_without_link_and_code(tenant):
    tenant.outbox.send(**RESET)
    tenant.outbox.send(**CODE)
    entry = tenant.journal.last("outbox", user="alice")
    assert str(entry) == "#1 outbox SEND 202 client=web user=auth0|alice"
    assert entry.at == NOW
    assert entry.parameters == {
        "to": "alice@acme.example",
        "kind": "reset_email",
        "subject": "Reset your password",
    }
    assert tenant.journal.last("outbox").number == 2
    assert "ticket" not in tenant.journal.to_json()
    assert "123456" not in tenant.journal.to_json()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"to": "+15550100"}, [2]),
        ({"kind": "reset_email"}, [1, 3]),
        ({"user": "alice"}, [1, 3]),
        ({"user": "alice@acme.example", "client": "web"}, [1, 3]),
        ({"user": "bob"}, []),
        ({"client": "spa"}, []),
        ({"after": 1}, [2, 3]),
        ({"after": 2, "kind": "reset_email"}, [3]),
        ({"after": 99}, [1, 2, 3]),  # from before a reset
    ],
)
def test_a_query_selects_messages(tenant, query, numbers):
    for message in (RESET, CODE, RESET):
        tenant.outbox.send(**message)
    assert [one.number for one in tenant.outbox.of(**query)] == numbers
    if "after" not in query:
        last = tenant.outbox.last(**query)
        assert last == (tenant.outbox.of(**query)[-1] if numbers else None)


@pytest.mark.parametrize("method", ["of", "last", "wait_for"])
def test_a_query_with_an_unknown_condition_or_user_is_an_error(tenant, method):
    with pytest.raises(
        MockIdPError, match=r"There is no condition 'knd'. Known: to, .*mean kind\?"
    ):
        getattr(tenant.outbox, method)(knd="reset_email")
    with pytest.raises(
        MockIdPError, match=r"There is no user 'alise'. Known: .*\. Did you mean alice\?"
    ):
        getattr(tenant.outbox, method)(user="alise")


def test_wait_for_returns_when_there_are_enough_messages(tenant):
    tenant.outbox.send(**RESET)
    later = threading.Timer(0.05, lambda: tenant.outbox.send(**RESET))
    later.start()
    found = tenant.outbox.wait_for(kind="reset_email", times=2, timeout=30)
    assert [one.number for one in found] == [1, 2]
    later.join()
    assert tenant.outbox.wait_for(after=1, timeout=0) == found[1:]


def test_a_timeout_lists_the_messages(tenant):
    with pytest.raises(MockIdPError) as empty:
        tenant.outbox.wait_for(timeout=0)
    assert str(empty.value) == "Waited 0 s for 1 x any message, found 0. The outbox is empty."
    tenant.outbox.send(**CODE)
    with pytest.raises(MockIdPError) as other:
        tenant.outbox.wait_for(to="+15550101", client="web", timeout=0, times=2)
    assert str(other.value) == (
        "Waited 0 s for 2 x message with to='+15550101' and client='web', found 0. "
        "The outbox contains:\n  #1 passwordless_sms to +15550100."
    )
    with pytest.raises(MockIdPError, match="Argument `timeout` is 'x'"):
        tenant.outbox.wait_for(timeout="x")


def test_clear_deletes_all_messages_and_restarts_the_numbers(tenant):
    tenant.outbox.send(**RESET)
    tenant.outbox.clear()
    assert list(tenant.outbox) == []
    tenant.outbox.send(**CODE)
    assert tenant.outbox.last().number == 1


def test_a_reset_clears_the_outbox(tenant):
    tenant.outbox.send(**RESET)
    tenant.reset()
    assert (len(tenant.outbox), len(tenant.journal)) == (0, 0)


def test_a_snapshot_does_not_contain_the_outbox(tenant):
    before = tenant.snapshot()
    tenant.outbox.send(**RESET)
    assert tenant.snapshot() == before
    tenant.restore(before)
    assert len(tenant.outbox) == 1


def test_the_number_and_the_size_of_messages_are_limited(tenant):
    for _ in range(MAX_MESSAGES + 5):
        tenant.outbox.send(**CODE)
    assert [one.number for one in tenant.outbox] == list(range(6, MAX_MESSAGES + 6))
    tenant.outbox.send(**CODE | {"text": "x" * MAX_BYTES})
    assert [one.number for one in tenant.outbox] == [MAX_MESSAGES + 6]
