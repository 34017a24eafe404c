"""The method that invites a person to an organization."""

from urllib.parse import parse_qs, urlsplit

import pytest

from helpers.organizations import B2B, RED
from mockidp import MockIdPError


@pytest.fixture
def idp(interface):
    return interface.make(B2B)


def test_an_invitation_is_returned_and_sent(idp):
    link = idp.invite("red", "new@acme.example", client="web", inviter="Alice", roles=["viewer"])
    assert parse_qs(urlsplit(link).query)["organization"] == [RED]
    assert idp.outbox.last(to="new@acme.example").link == link


def test_an_invitation_to_an_unknown_organization_is_an_error(idp):
    with pytest.raises(MockIdPError, match="green"):
        idp.invite("green", "new@acme.example")
