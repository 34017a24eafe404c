"""Explaining any text raises no exception and accepts nothing."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockidp.testing.methods.explain import explain

pytestmark = pytest.mark.usefixtures("no_tracebacks")


@pytest.fixture(scope="module")
def lasting(make_control):
    return make_control()


ALPHABET = st.sampled_from("/:?&#=.[]%ab0-_ ") | st.characters()
PIECES = st.sampled_from(
    ["http://", "https://", "://", "bewit=", "code=", "access_token=", "e30.e30.", "localhost"]
)


@settings(max_examples=200, deadline=None)
@given(thing=st.lists(PIECES | st.text(ALPHABET, max_size=8), max_size=8).map("".join))
@example(thing="eyJhbGciOiJIUzI1NiJ9.eyJleHAiOk5hTn0.x")
@example(thing="http://localhost:99999/users/x/impersonate?&bewit=YVwxMDAwMDAwMDAwMDAwMFx4XA")
def test_random_input_causes_no_bug(lasting, thing):
    for tenant in (lasting.tenant, None):
        result = explain(thing, tenant)
        assert result.kind
        assert result.accepted is not True
        assert result.reasons
