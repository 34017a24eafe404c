"""The method `unblock`."""

import pytest

from mockidp import MockIdPError


def block(wire, username="alice@acme.example"):
    for _ in range(10):
        answer = wire.password_token(username=username, password="wrong")
        assert answer.status_code == 403
    assert wire.password_token(username=username, password="wrong").status_code == 429


@pytest.mark.parametrize("name", ["alice", "auth0|alice", "alice@acme.example"])
def test_a_blocked_user_is_unblocked_by_any_name(idp, wire, name):
    block(wire)
    idp.unblock(name)
    assert wire.password_token().status_code == 200


def test_an_unknown_name_can_be_unblocked(idp, wire):
    block(wire, "no/body?@acme.example")
    idp.unblock("No/body?@acme.example")
    answer = wire.password_token(username="no/body?@acme.example")
    assert answer.status_code == 403


def test_unblocking_a_user_without_a_block_changes_nothing(idp, wire):
    idp.unblock("alice")
    assert wire.password_token().status_code == 200


def test_an_unknown_name_without_failed_attempts_is_an_error(idp):
    with pytest.raises(MockIdPError, match=r"There is no user 'eve'. Known: auth0\|alice"):
        idp.unblock("eve")


def test_a_new_password_unblocks(idp, wire):
    block(wire)
    idp.add_user("alice", password="An0ther!")
    assert wire.password_token(password="An0ther!").status_code == 200


def test_a_reset_unblocks(idp, wire):
    block(wire)
    idp.reset()
    assert wire.password_token().status_code == 200
