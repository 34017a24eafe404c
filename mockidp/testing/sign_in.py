"""`sign_in_as`: choose the user who answers the next authorization request."""

from __future__ import annotations

from mockidp.tenant.sign_ins import SignIn
from mockidp.tenant.tenant import Tenant
from mockidp.testing.named import named_client, named_user


def sign_in_as(tenant: Tenant, user: str, *, client: str | None = None) -> None:
    """Let a user answer the next authorization request, of one client or of any.

    Raises:
        MockIdPError: No such user or client.
    """
    if client is not None:
        named_client(tenant, client)
    user_id = named_user(tenant, user).user_id
    tenant.sign_ins.add(SignIn(user_id=user_id, client_id=client))
