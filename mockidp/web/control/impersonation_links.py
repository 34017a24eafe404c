"""`/impersonation-links`: a link without a token."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from mockidp.testing.link import make_impersonation_link
from mockidp.web.control.operation import Call, Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class NewLink:
    """Whom to become, and what the link leads to. Users by id, the id's last part, or e-mail."""

    user: str
    impersonator: str | None = None
    client: str | None = None
    state: str | None = None
    callback_url: str | None = None
    response_type: str | None = None
    response_mode: str | None = None
    """`form_post`, or nothing."""
    scope: str | None = None
    audience: str | None = None
    ttl: int | None = None
    """Seconds that the link lives."""
    base_url: str | None = None
    """The tenant's URL at which the link is good; by default the setting `browser_url`, else
    `issuer`, else the URL that is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link that logs its opener in as a user."""

    url: str
    user: str
    impersonator: str
    client: str
    callback_url: str
    expires_at: int
    """Seconds since 1970, by the tenant's clock."""


def _make(call: Call) -> Any:
    asked = asdict(call.body)
    url = asked.pop("base_url") or call.tenant.browser_url(call.exchange.base_url)
    link = make_impersonation_link(call.tenant, url, asked.pop("user"), **asked)
    if link.state is None and call.tenant.settings.impersonation.require_state:
        call.tenant.trace.advise(
            "the link has no state and will be a Bad mac when it is opened: send `state`"
        )
    return {
        "url": link.url,
        "user": link.user_id,
        "impersonator": link.impersonated_by.user_id,
        "client": link.client_id,
        "callback_url": link.callback_url,
        "expires_at": int(link.expires_at),
    }


OPERATIONS = (
    Operation(
        name="makeImpersonationLink",
        method="POST",
        path="/impersonation-links",
        summary="Make a link that logs an admin in as a user.",
        handler=_make,
        body=NewLink,
        answer=Link,
    ),
)
