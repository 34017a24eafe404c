"""Hints about a request for a link that succeeded.

Auth0: `docs/fidelity.md`, "Impersonation".
"""

from __future__ import annotations

from mockidp.protocol.errors.hint import join_hints
from mockidp.protocol.impersonation.link_request import ImpersonationRequest
from mockidp.tenant.tenant import Tenant

_CALLBACK = "Send the callback as `callback_url`."
_ADVICE = {
    **dict.fromkeys(("callback", "callbackuri", "callbackurl", "redirecturi"), _CALLBACK),
    **dict.fromkeys(("redirecturl", "returnto"), _CALLBACK),
    "responsetype": "It is called `response_type`.",
    "scopes": "It is called `scope`.",
    "nonce": "An ID token from a link has no nonce.",
    "connection": "The user of the link determines it.",
    "responsemode": "Only form_post is supported. By default a code is in the query, and tokens "
    "are in the fragment.",
}
"""Advice for names that were not read, by the name in lower case without underscores."""
_MAX_NAMES = 10


def hint_for_request(tenant: Tenant, request: ImpersonationRequest) -> str:
    """Return hints about ignored parts, and about why the link will not open; may be empty."""
    settings = tenant.settings.impersonation
    hints = []
    if request.misplaced:
        hints.append(
            f"Sent outside `additionalParameters` and not read: {', '.join(request.misplaced)}. "
            "Move it inside."
        )
    hints += [_describe_unread(name) for name in request.unread[:_MAX_NAMES]]
    if request.audience and not settings.honour_audience:
        hints.append(
            "Parameter `additionalParameters.audience` was ignored, as in Auth0. The access token "
            "is for /userinfo only (setting `impersonation.honour_audience`)."
        )
    if request.state is None and settings.require_state:
        hints.append(
            "Parameter `additionalParameters.state` is empty, so the link will answer Bad mac when "
            "it is opened."
        )
    return " ".join(hints)


def _describe_unread(name: str) -> str:
    advice = _ADVICE.get(name.lower().replace("_", ""), "")
    return join_hints(f"Parameter `additionalParameters.{name[:80]}` was not read.", advice)
