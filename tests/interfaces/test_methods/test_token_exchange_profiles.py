"""The methods for token exchange profiles."""

import pytest

from mockidp import MockIdPError


@pytest.fixture
def idp(interface):
    return interface.make()


def test_a_type_that_auth0_reserves_is_refused(idp):
    with pytest.raises(MockIdPError, match="a URI that does not begin with"):
        idp.add_token_exchange_profile("legacy", subject_token_type="urn:ietf:x")
