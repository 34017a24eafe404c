"""The journal of a tenant in the wire tests."""

import pytest


@pytest.fixture
def last(idp):
    """Return a function that returns the last matching journal entry."""

    def last(*names, **words):
        entry = idp.tenant.journal.last(*names, **words)
        assert entry is not None
        return entry

    return last
