"""Every error of the tenant reaches a client by its code, from every endpoint."""

import pytest

from mockidp.protocol.errors.error_codes import CODES

from .clients import outcome_without_fault

SERVER_ERROR = 500
"""From this status on, Authlib does not read a token response."""


def expected(endpoint, code):
    """Return the beginning of Authlib's error."""
    status = CODES[code].status
    if endpoint == "token" and status >= SERVER_ERROR:
        return f"HTTPError: {status} Server Error"
    return f"OAuthError: {code}: "


@pytest.mark.parametrize("endpoint", ["authorize", "callback", "token"])
@pytest.mark.parametrize("code", CODES)
def test_authlib_raises_the_error_and_logs_in_without_it(code, endpoint, idp, act):
    with idp.fault(endpoint, error=code):
        outcome = act("Authlib", "logs in")
    assert (outcome.refused or "").startswith(expected(endpoint, code)), outcome
    assert act("Authlib", "logs in") == outcome_without_fault("logs in", idp)
