"""Where a web message may be posted: only to the web origins of the client.

Spec: OAuth 2.0 Web Message Response Mode (draft 00) 5.
Auth0: an origin that is not registered is an error page, because nothing may be posted to it.
"""

from __future__ import annotations

from mockidp.protocol.client import Client
from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.origin import is_loopback_url, origin_of
from mockidp.protocol.url_rules import matches_origin
from mockidp.tenant.tenant import Tenant


def check_web_origin(tenant: Tenant, client: Client, redirect_uri: str) -> None:
    """Check that the origin of the redirect URI is among the client's web origins.

    Raises:
        InvalidRequest: It is not; to be shown on a page.
    """
    origin = origin_of(redirect_uri)
    with tenant.trace.check("web_origin", sent=origin, web_origins=client.web_origins):
        if tenant.settings.accept_any_client and is_loopback_url(redirect_uri):
            return
        if not matches_origin(origin, client.web_origins):
            raise InvalidRequest(
                f"The specified redirect_uri '{redirect_uri}' does not have a registered origin.",
                hint=f"response_mode=web_message posts the answer to {origin}, the origin of "
                f"redirect_uri, which is not in web_origins of client {client.client_id} "
                f"({', '.join(client.web_origins) or 'it is empty'}). Add {origin} to web_origins "
                "(Allowed Web Origins in the Auth0 dashboard)",
            )
