"""The methods for token exchange profiles."""

import pytest

from mockidp import MockIdPError

TYPE = "urn:acme:legacy-token"


@pytest.fixture
def idp(interface):
    return interface.make()


def test_a_profile_is_added_changed_and_removed(idp):
    idp.add_token_exchange_profile("legacy", subject_token_type=TYPE)
    assert idp.get_token_exchange_profile("legacy").subject_token_type == TYPE
    changed = idp.patch_token_exchange_profile("legacy", action="decide")
    assert (changed.action, changed.subject_token_type) == ("decide", TYPE)
    assert idp.list_token_exchange_profiles() == [changed]
    idp.remove_token_exchange_profile("legacy")
    assert idp.list_token_exchange_profiles() == []


def test_a_type_that_auth0_reserves_is_refused(idp):
    with pytest.raises(MockIdPError, match="a URI that does not begin with"):
        idp.add_token_exchange_profile("legacy", subject_token_type="urn:ietf:x")
