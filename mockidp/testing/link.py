"""An impersonation link without a token: what the tests of the receiving app need."""

from __future__ import annotations

from mockidp.errors import MockIdPError
from mockidp.flows.impersonate import make_link
from mockidp.protocol.artifacts import ImpersonationLink
from mockidp.protocol.impersonation import parse_impersonation_request
from mockidp.protocol.refusal import ApiRefusal
from mockidp.protocol.url_rules import first_url
from mockidp.tenant.tenant import Tenant
from mockidp.testing.named import named_user


def make_impersonation_link(
    tenant: Tenant,
    base_url: str,
    user: str,
    *,
    impersonator: str | None = None,
    client: str | None = None,
    state: str | None = None,
    callback_url: str | None = None,
    response_type: str | None = None,
    response_mode: str | None = None,
    scope: str | None = None,
    audience: str | None = None,
    ttl: int | str | None = None,
) -> ImpersonationLink:
    """Make a link for `base_url`, the origin at which it has to be opened.

    Users may be named by id, the id's last part, or e-mail. Without `impersonator` it is
    the user called admin, else another than `user`; without `client`, the first with a callback.

    Raises:
        MockIdPError: No such user or client, a callback that the client does not have, or another
            response mode than `form_post`.
    """
    if response_mode not in (None, "form_post"):
        raise MockIdPError(
            f"response_mode is {response_mode!r}: a link has form_post only, or redirects without"
        )
    become = named_user(tenant, user).user_id
    body = {
        "protocol": "oauth2",
        "impersonator_id": _impersonator(tenant, become, impersonator),
        "client_id": client or _first_client(tenant),
        "ttl": ttl,
        "additionalParameters": {
            "state": state,
            "callback_url": callback_url,
            "response_type": response_type,
            "response_mode": response_mode,
            "scope": scope,
            "audience": audience,
        },
    }
    try:
        return make_link(tenant, base_url, become, parse_impersonation_request(body))
    except ApiRefusal as error:
        raise MockIdPError(f"{error.message} ({error.hint})") from None


def _impersonator(tenant: Tenant, become: str, name: str | None) -> str:
    if name is not None:
        return named_user(tenant, name).user_id
    admin = tenant.directory.name_user("admin")
    if admin is not None:
        return admin.user_id
    return next((one for one in tenant.directory.users if one != become), become)


def _first_client(tenant: Tenant) -> str:
    for client in tenant.directory.clients.values():
        if first_url(client.callbacks) is not None:
            return client.client_id
    raise MockIdPError(
        "no client of this tenant has a callback: name a client and a callback_url, or give one "
        "callbacks"
    )
