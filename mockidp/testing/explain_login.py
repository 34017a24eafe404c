"""Explain the URL at which an app begins a login: whether /authorize would refuse it, and why."""

from __future__ import annotations

from mockidp.flows.authorization.authorize import check_request
from mockidp.flows.authorization.reply_to import known_client
from mockidp.flows.authorization.resolve import read_signed
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import OAuthError
from mockidp.protocol.oauth.parameters import parse_form
from mockidp.protocol.urls.login_url import LoginUrl
from mockidp.tenant.tenant import Tenant


@frozen
class LoginVerdict:
    """Whether a login would begin, and why."""

    accepted: bool
    reasons: tuple[str, ...]


def explain_login(tenant: Tenant, url: LoginUrl) -> LoginVerdict:
    """Check a request to /authorize as far as it does not depend on the user. No login begins."""
    trace = tenant.trace
    trace.begin(trace.address)
    try:
        sent = parse_form(url.query)
        client = known_client(tenant, url.base_url, sent)
        resolved = read_signed(tenant, url.base_url, client, sent)
        request = check_request(tenant, url.base_url, client, resolved)
    except OAuthError as error:
        reasons = (f"{error.error}: {error.description}", *([error.hint] if error.hint else []))
        return LoginVerdict(accepted=False, reasons=reasons)
    else:
        valid = (
            f"The request is valid. After a user has logged in, client {client.client_id} gets the "
            f"response at {request.redirect_uri}."
        )
        return LoginVerdict(accepted=True, reasons=(valid, *trace.hints))
    finally:
        trace.begin(trace.address)
