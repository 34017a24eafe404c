"""Check that a web message is posted to one of the client's web origins.

Spec: OAuth 2.0 Web Message Response Mode (draft 00) 4 and 5.
Auth0: for an unknown origin, an error page is shown, because nothing may be posted to it.
"""

from __future__ import annotations

from mockidp.flows.hints.urls import how_to_add
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.tokens.artifacts import Relay
from mockidp.protocol.urls.origin import is_loopback_url, origin_of
from mockidp.protocol.urls.rules import matches_origin
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


def check_web_origin(tenant: Tenant, client: Client, name: str, url: str) -> None:
    """Check that the origin of a URL, sent as parameter `name`, is among the client's web origins.

    Raises:
        InvalidRequest: It is not. The error is shown on a page.
    """
    origin = origin_of(url)
    with tenant.trace.check("web_origin", sent=origin, web_origins=client.web_origins):
        if tenant.settings.accept_any_client and is_loopback_url(url):
            return
        if not matches_origin(origin, client.web_origins):
            raise InvalidRequest(
                f"The specified {name} '{url}' does not have a registered origin.",
                hint=f"With response_mode=web_message, the answer is posted to {origin}, the "
                f"origin of `{name}`, which is not in `web_origins` of client {client.client_id} "
                f"({', '.join(client.web_origins) or 'the list is empty'}). "
                + how_to_add(tenant.directory, client.client_id, "web_origins"),
            )


def read_relay(tenant: Tenant, client: Client, parameters: Parameters) -> Relay | None:
    """Return the frame to which the main window relays the answer; None to post it directly.

    Raises:
        InvalidRequest: Only one of the two parameters was sent, or the frame's origin is not among
            the client's web origins. The error is shown on a page.
    """
    uri, target = parameters.get("web_message_uri"), parameters.get("web_message_target")
    if uri is None and target is None:
        return None
    with tenant.trace.check("relay", web_message_uri=uri, web_message_target=target):
        uri = parameters.require("web_message_uri")
        target = parameters.require("web_message_target")
    check_web_origin(tenant, client, "web_message_uri", uri)
    return Relay(web_message_uri=uri, web_message_target=target)
