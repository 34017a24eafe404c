"""The checks that a link has to pass, in order. A link that fails one is not used up.

Spec: Hawk's checks of a bewit (`protocol.impersonation.bewit`), followed by checks that Hawk does
not have.
Auth0: all refusals have Hawk's texts.
"""

from __future__ import annotations

from mockidp.frozen import frozen
from mockidp.protocol.impersonation import bewit
from mockidp.protocol.impersonation.bewit import BAD_MAC, Bewit, BewitError, check_bewit
from mockidp.protocol.tokens.artifacts import ImpersonationLink
from mockidp.tenant.tenant import Tenant

CHECKS = (*bewit.CHECKS, "known", "unused", "origin", "state")
"""Every check by name, in order."""


@frozen
class Opening:
    """A request that opens a link. `target` is path and query as sent."""

    method: str
    origin: str
    target: str
    has_authorization: bool = False


def check_link(tenant: Tenant, opening: Opening) -> ImpersonationLink:
    """Return the link that a request opens.

    Raises:
        BewitError: A check has failed.
    """
    return _check_link_state(
        tenant,
        opening,
        check_bewit(
            method=opening.method,
            target=opening.target,
            origin=opening.origin,
            has_authorization=opening.has_authorization,
            keys={tenant.bewit_key_id: tenant.bewit_key},
            now=tenant.now(),
        ),
    )


def _check_link_state(tenant: Tenant, opening: Opening, read: Bewit) -> ImpersonationLink:
    entry = tenant.links.history(read.ext)
    if entry is None:
        raise BewitError(401, BAD_MAC, check="known", bewit=read)
    needs_state = tenant.settings.impersonation.require_state
    for name, passed in (
        ("unused", entry.taken_at is None),
        ("origin", entry.value.origin == opening.origin),
        ("state", entry.value.state is not None or not needs_state),
    ):
        if not passed:
            raise BewitError(401, BAD_MAC, check=name, bewit=read)
    return entry.value
