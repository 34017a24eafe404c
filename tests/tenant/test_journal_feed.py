"""Journals that receive their exchanges from a feed are equal to that of one process."""

import pytest

from helpers.local_feed import LocalFeed
from helpers.persisted_tenant import ACME
from helpers.shared_mocks import Mock
from mockidp.errors import TimedOut
from mockidp.tenant.tenant import Tenant


def played(mock):
    code = mock.code("acme-web", scope="openid offline_access", state="\N{SNOWMAN}")
    answer = mock.redeem(code)
    mock.redeem(code)
    mock.send(
        "GET", "/userinfo", headers={"Authorization": f"Bearer {answer.json['access_token']}"}
    )
    mock.send("GET", "/nowhere?a=1&a=2")
    return mock.tenant.journal


def data(journal):
    """Return the entries without what differs in each run."""
    found = [entry.to_dict() for entry in journal]
    for entry in found:
        entry |= {"at": 0, "duration": 0}
    return found


@pytest.fixture
def mock():
    mock = Mock(Tenant(ACME, seed=1))
    mock.tenant.clock.freeze(2_000_000_000)
    mock.tenant.journal.share(lambda _name, _keep, receiver: LocalFeed(receiver))
    return mock


def test_entries_from_a_feed_are_those_of_a_journal_in_memory(mock):
    keys = [key.private_key for key in mock.tenant.keys.published]
    alone = Mock(Tenant(ACME, seed=1, private_keys=keys))
    alone.tenant.clock.freeze(2_000_000_000)
    expected, found = data(played(alone)), data(played(mock))
    assert len(found) > 4
    assert found == expected
    assert [one["number"] for one in found] == list(range(1, len(found) + 1))


def test_each_reader_of_the_journal_catches_up_first(mock):
    journal = mock.tenant.journal
    feed = journal._feed
    for count, read in enumerate((len, iter, lambda one: one.last_number, lambda one: one.of()), 1):
        read(journal)
        assert feed.catches == count


def test_a_shared_journal_is_waited_for_and_cleared(mock):
    journal = played(mock)
    assert journal.wait_for("token", times=2)[0].status == 200
    with pytest.raises(TimedOut, match="found 2"):
        journal.wait_for("token", times=3, timeout=0)
    journal.clear()
    assert (len(journal), journal.last_number) == (0, 0)
