"""The entries of the journal, their limits, and their texts."""

import json

import pytest

from mockidp.errors import MockIdPError
from mockidp.resources.user import User
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.journal import Journal
from mockidp.tenant.journal.text import describe_near_misses
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import Check, IssuedToken

USERS = (
    User(user_id="auth0|alice", email="alice@acme.example"),
    User(user_id="auth0|bob", email="bob@acme.example"),
)


@pytest.fixture
def journal():
    return Tenant(TenantDocument(users=USERS)).journal


def entry(number=1, **fields):
    defaults = {
        "at": 1000.0,
        "endpoint": "token",
        "method": "POST",
        "url": "http://localhost/oauth/token",
        "parameters": {},
        "status": 200,
    }
    return JournalEntry(number=number, **defaults | fields)


def add(journal, **fields):
    journal.add(lambda number: entry(number, **fields))


def numbers(entries):
    return [one.number for one in entries]


# --- entries ---


def test_entries_are_numbered_from_one_and_kept_in_order(journal):
    add(journal)
    add(journal, endpoint="userinfo")
    assert numbers(journal) == [1, 2]
    assert len(journal) == 2


def test_the_oldest_entries_are_removed_beyond_the_cap():
    journal = Journal({}.get, cap=3)
    for _ in range(5):
        add(journal)
    assert numbers(journal) == [3, 4, 5]


def test_the_oldest_entries_are_removed_beyond_the_maximum_size():
    journal = Journal({}.get, max_bytes=100_000)
    for size in (90_000, 1, 1, 7_000, 90_000):
        add(journal, hint="x" * size)
    assert numbers(journal) == [2, 3, 4, 5]
    add(journal, hint="日" * 40_000)
    assert numbers(journal) == [6]
    add(journal)
    assert numbers(journal) == [7]
    journal.clear()
    for _ in range(3):
        add(journal, hint="x" * 30_000)
    assert numbers(journal) == [1, 2, 3]


def test_the_size_of_an_entry_with_a_surrogate_is_measured(journal):
    add(journal, hint="\ud800")
    assert numbers(journal) == [1]


def test_clear_deletes_all_entries_and_restarts_the_numbers(journal):
    add(journal)
    journal.clear()
    assert (list(journal), journal.last()) == ([], None)
    add(journal)
    assert numbers(journal) == [1]


def test_the_entry_of_a_small_exchange_is_created_when_the_journal_is_read(journal):
    made = []

    def make(number):
        made.append(number)
        return entry(number)

    journal.add(make, is_small=True)
    journal.add(make, is_small=True)
    assert made == []
    assert numbers(journal) == [1, 2]
    assert (len(journal), numbers(journal.of("token")), made) == (2, [1, 2], [1, 2])


def test_small_and_large_exchanges_keep_their_order(journal):
    journal.add(entry, is_small=True)
    add(journal)
    journal.add(entry, is_small=True)
    assert numbers(journal) == [1, 2, 3]


def test_the_cap_includes_entries_that_are_not_created_yet():
    journal, made = Journal({}.get, cap=3), []
    for _ in range(5):
        journal.add(lambda number: made.append(number) or entry(number), is_small=True)
    assert len(journal) == 3
    assert numbers(journal) == made == [3, 4, 5]


def test_clear_deletes_exchanges_whose_entries_are_not_created_yet(journal):
    journal.add(lambda _number: pytest.fail("the entry was created"), is_small=True)
    journal.clear()
    assert len(journal) == 0
    journal.add(entry, is_small=True)
    assert numbers(journal) == [1]


def test_entries_can_be_added_during_an_iteration(journal):
    add(journal)
    for _one in journal:
        add(journal)
    assert len(journal) == 2


# --- texts ---


def test_near_misses_are_listed_nearest_first_with_the_failed_check(journal):
    code = Check(name="code", passed=False, compared={"sent": "abcdefgh..."}, why="it was used")
    add(journal, endpoint="jwks", method="GET")
    add(
        journal,
        client="web",
        user="auth0|alice",
        grant="authorization_code",
        status=403,
        error="invalid_grant",
        hint="it was used",
        trace=(Check(name="client_id", passed=True), code),
    )
    with pytest.raises(MockIdPError) as timed_out:
        journal.wait_for("token", user="alice", status=200, timeout=0)
    assert str(timed_out.value).splitlines() == [
        "Waited 0 s for 1 x token with user='alice' and status=200, found 0. There were 2 exchanges:",
        "  #2 token POST 403 invalid_grant client=web user=auth0|alice grant=authorization_code",
        "    status is 403, not 200.",
        "    failed code(sent='abcdefgh...'): it was used.",
        "  #1 jwks GET 200",
        "    user is None, not 'auth0|alice', and endpoint is 'jwks', not 'token'.",
    ]


def test_the_latest_five_of_many_near_misses_are_listed():
    text = describe_near_misses((entry(number), ["no"]) for number in range(1, 9))
    assert text.splitlines()[0] == "There were 8 exchanges, the nearest 5 of which are:"
    assert [line.split()[0] for line in text.splitlines()[1::2]] == ["#8", "#7", "#6", "#5", "#4"]


def test_an_entry_as_text_is_one_line():
    assert str(entry(7)) == "#7 token POST 200"
    text = str(entry(8, status=400, error="invalid_request", client="web", hint="send it"))
    assert text == "#8 token POST 400 invalid_request client=web hint: send it"


def test_failed_returns_the_failed_check():
    passed = Check(name="client_id", passed=True)
    failed = Check(name="code", passed=False)
    assert entry(trace=(passed,)).failed is None
    assert entry(trace=(passed, failed)).failed == failed


def test_the_journal_as_json(journal):
    add(
        journal,
        parameters={"additionalParameters": {"state": ["a", None]}},
        trace=(Check(name="scope", passed=True, compared={"requested": ("a", "b")}),),
        tokens=(IssuedToken(kind="id_token", header={"alg": "RS256"}, claims={"exp": 1}),),
        notes={"pkce": "S256", "nonce": True, "odd": object},
    )
    (data,) = json.loads(journal.to_json())
    assert list(data) == list(JournalEntry.__dataclass_fields__)
    assert data["parameters"] == {"additionalParameters": {"state": ["a", None]}}
    assert data["trace"] == [
        {"name": "scope", "passed": True, "compared": {"requested": ["a", "b"]}, "why": ""}
    ]
    assert data["tokens"] == [
        {"kind": "id_token", "header": {"alg": "RS256"}, "claims": {"exp": 1}}
    ]
    assert data["notes"]["odd"] == "<class 'object'>"
    assert journal.to_json() == journal.to_json()


def test_after_selects_later_entries_and_ignores_a_number_from_before_a_reset(journal):
    for _ in range(3):
        add(journal)
    assert numbers(journal.of(after=2)) == [3]
    assert numbers(journal.of(after=3)) == []
    journal.clear()
    add(journal)
    assert numbers(journal.of(after=3)) == [1]
    assert numbers(journal.wait_for(after=3, timeout=0)) == [1]
