"""Which logins show the classic page, whose elements and texts are those of Lock, Auth0's widget.

Auth0: `universal_login_experience` of its prompts. A page of the tenant (`pages`) or of the client
(`custom_login_page`) replaces the login page; its default content is Lock.
"""

from __future__ import annotations

from urllib.parse import urlencode

from mockidp.flows.login.steps import CLASSIC_PAGE
from mockidp.flows.login.transaction import login_client
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


def is_classic(tenant: Tenant, login: LoginTransaction, client: Client | None = None) -> bool:
    """Return whether a login shows the classic page.

    `client` is the login's client, if it is already known.
    """
    configuration = tenant.directory.configuration
    if configuration.prompts.universal_login_experience == "classic":
        return True
    own = client or login_client(tenant, login)
    return configuration.has_login_page or _has_login_page(own)


def query_of(page: str, state: str, client_id: str) -> str:
    """Return the query of a page of a login. Auth0: that of the classic page names the client."""
    if page == CLASSIC_PAGE:
        return urlencode({"state": state, "client": client_id, "protocol": "oauth2"})
    return f"state={state}"


def _has_login_page(client: Client) -> bool:
    is_on = client.extra.get("custom_login_page_on") is not False
    return is_on and bool(client.extra.get("custom_login_page"))
