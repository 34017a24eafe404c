"""Every error of the tenant reaches a client under its own name, wherever it comes from."""

import pytest

from mockidp.protocol.oauth_error import CODES

from .clients import sound

NOT_READ = 500
"""From this status on, Authlib reads no token answer."""


def expected(endpoint, code):
    """Return how Authlib's refusal begins."""
    status = CODES[code].status
    if endpoint == "token" and status >= NOT_READ:
        return f"HTTPError: {status} Server Error"
    return f"OAuthError: {code}: "


@pytest.mark.parametrize("endpoint", ["authorize", "callback", "token"])
@pytest.mark.parametrize("code", CODES)
def test_authlib_is_told_the_error_and_logs_in_without_it(code, endpoint, idp, act):
    with idp.fault(endpoint, error=code):
        met = act("Authlib", "logs in")
    assert (met.refused or "").startswith(expected(endpoint, code)), met
    assert act("Authlib", "logs in") == sound("logs in", idp)
