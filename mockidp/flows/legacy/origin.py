"""Refuse pages of other origins at the endpoints of Auth0's own login page.

Auth0: since August 2018, only the hosted login page may call them; the setting `legacy_lock_api`
brings the earlier behavior back.
"""

from __future__ import annotations

from mockidp.protocol.login.cross_origin import OriginNotAllowed
from mockidp.protocol.urls.origin import origin_of
from mockidp.tenant.tenant import Tenant


def check_own_page(tenant: Tenant, base_url: str, origin: str | None, path: str) -> None:
    """Check that a request comes from a page of the tenant. Programs send no `Origin`.

    Raises:
        OriginNotAllowed: It comes from a page of another origin.
    """
    is_allowed = tenant.settings.legacy_lock_api
    with tenant.trace.check("origin", sent=origin, legacy_lock_api=is_allowed):
        if is_allowed or origin in (None, origin_of(base_url)):
            return
        raise OriginNotAllowed(
            origin,
            hint=f"A page at {origin} called {path}. Since August 2018, Auth0 answers only its own "
            "login page there. Use auth0.js 9 or Lock 11, which call /co/authenticate instead, or "
            "set `mockidp.legacy_lock_api`.",
        )
