"""List, rotate and revoke keys."""

import pytest

from helpers.acme import API
from mockidp import MockIdPError


def test_a_rotation_moves_each_key_up(idp):
    first, second = [key.kid for key in idp.list_keys()]
    assert idp.rotate_keys() == second
    current, following, previous = idp.list_keys()
    assert [key.standing for key in (current, following, previous)] == [
        "current",
        "next",
        "previous",
    ]
    assert (current.kid, previous.kid) == (second, first)


def test_a_token_is_rejected_after_its_key_was_revoked(idp):
    token = idp.access_token(audience=API)
    idp.rotate_keys()
    assert idp.explain(token).accepted
    idp.revoke_key(idp.list_keys()[-1].kid)
    assert idp.explain(token).accepted is False
    assert [key.standing for key in idp.list_keys()] == ["current", "next"]


@pytest.mark.parametrize("standing", ["current", "next"])
def test_a_key_that_is_not_a_previous_one_cannot_be_revoked(idp, standing):
    (kid,) = [key.kid for key in idp.list_keys() if key.standing == standing]
    with pytest.raises(MockIdPError, match=f"^No previous key has the kid {kid!r}. Known: none.$"):
        idp.revoke_key(kid)
    assert kid in [key.kid for key in idp.list_keys()]
