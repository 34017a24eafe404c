"""The types of `RemoteIdP`, and of code that accepts either class: checked by mypy, and run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_type

import pytest

from mockidp import (
    Client,
    CustomClaim,
    Explanation,
    JournalEntry,
    MockIdP,
    MockIdPError,
    RemoteIdP,
    ResourceServer,
    Snapshot,
    User,
)

CALLBACK = "http://localhost:3000/callback"
API = "https://api.example/"


@pytest.fixture
def idp() -> Iterator[RemoteIdP]:
    with MockIdP() as served, RemoteIdP(served.url, token=None, ca_file=None) as remote:
        yield assert_type(remote, RemoteIdP)


def test_records_are_added(idp: RemoteIdP) -> None:
    assert_type(idp.add_user("carol", email="carol@acme.example", roles=[]), User)
    assert_type(idp.add_client("web", callbacks=[CALLBACK], is_global=False), Client)
    assert_type(idp.patch_client("web", callbacks=[CALLBACK]), Client)
    assert_type(idp.add_api(API, scopes=["read:x", {"value": "y"}]), ResourceServer)
    assert_type(idp.add_claim("plan", value=1, in_=("id_token",), user="carol"), CustomClaim)
    assert_type(idp.patch_user("carol", blocked=True), User)
    assert_type(idp.list_users(), list[User])
    assert_type(idp.get_client("web"), Client)
    assert_type(idp.remove_user("carol"), None)


def test_tokens_and_links_are_strings(idp: RemoteIdP) -> None:
    assert_type(idp.access_token(audience=API, user="alice", wrong=["iss"], alg="none"), str)
    assert_type(idp.access_token(audience=(API,)), str)
    assert_type(idp.id_token(user="alice", nonce="n", signature="another_key"), str)
    link = idp.impersonation_link("alice", client="web", callback_url=CALLBACK, state="s", ttl=60)
    assert_type(link, str)
    assert_type(idp.explain(link), Explanation)
    assert_type(idp.url, str)
    assert_type(idp.issuer, str)


def test_faults_clock_and_journal(idp: RemoteIdP) -> None:
    with idp.fault("token", status=503, when={"client": "web"}, times=2) as fault:
        assert_type(fault.fired, int)
        assert_type(fault.name, str)
    assert_type(len(idp.faults), int)
    idp.clock.freeze("2030-01-31T12:00:00Z")
    assert_type(idp.clock.now(), float)
    assert_type(idp.clock.now(), float)
    assert_type(idp.journal.of("token", client="web", status=200), list[JournalEntry])
    assert_type(idp.journal.last("token"), JournalEntry | None)
    assert_type(idp.assert_token_requested(grant="refresh_token", times=0), list[JournalEntry])
    for entry in idp.journal:
        assert_type(entry, JournalEntry)


def test_snapshots_and_resets(idp: RemoteIdP) -> None:
    assert_type(idp.snapshot(), Snapshot)
    assert_type(idp.rotate_keys(), str)
    idp.sign_in_as("alice")
    idp.unblock("alice")
    idp.reset()


def test_code_can_accept_either_class(idp: RemoteIdP) -> None:
    def token_of(either: MockIdP | RemoteIdP) -> str:
        either.clock.advance(60)
        either.assert_no_refusals()
        return assert_type(either.access_token(audience=API), str)

    assert token_of(idp)
    assert token_of(MockIdP(url="http://idp.test"))


def test_a_fault_with_a_function_is_an_error(idp: RemoteIdP) -> None:
    with pytest.raises(MockIdPError):
        idp.fault("token", when=lambda context: context.client == "x", status=503)
