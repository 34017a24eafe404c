"""Hints about a request for a link that succeeded.

Auth0: `docs/fidelity.md`, "Impersonation".
"""

from __future__ import annotations

from mockidp.protocol.impersonation import ImpersonationRequest
from mockidp.tenant.tenant import Tenant

_CALLBACK = "the callback is called callback_url here"
_ADVICE = {
    **dict.fromkeys(("callback", "callbackuri", "callbackurl", "redirecturi"), _CALLBACK),
    **dict.fromkeys(("redirecturl", "returnto"), _CALLBACK),
    "responsetype": "it is called response_type",
    "scopes": "it is called scope",
    "nonce": "an ID token from a link carries no nonce",
    "connection": "the user of the link decides",
    "responsemode": "only form_post is supported; by default a code is in the query, and tokens "
    "are in the fragment",
}
"""Advice for names that were not read, by the name in lower case without underscores."""
_MAX_NAMES = 10


def hint_for_request(tenant: Tenant, request: ImpersonationRequest) -> str:
    """Return hints about what was not read, and why the link will not open; may be empty."""
    settings = tenant.settings.impersonation
    hints = []
    if request.misplaced:
        hints.append(
            f"{', '.join(request.misplaced)} was sent outside additionalParameters and was not "
            "read: move it inside"
        )
    hints += [_describe_unread(name) for name in request.unread[:_MAX_NAMES]]
    if request.audience and not settings.honour_audience:
        hints.append(
            "additionalParameters.audience was ignored, as in Auth0: the access token is for "
            "/userinfo only (setting impersonation.honour_audience)"
        )
    if request.state is None and settings.require_state:
        hints.append(
            "additionalParameters.state is empty: the link will answer Bad mac when it is opened"
        )
    return "; ".join(hints)


def _describe_unread(name: str) -> str:
    advice = _ADVICE.get(name.lower().replace("_", ""), "")
    advice = advice and f": {advice}"
    return f"additionalParameters.{name[:80]} was not read{advice}"
