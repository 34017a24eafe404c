"""The password of a user: checked as on Auth0's pages."""

from __future__ import annotations

from http import HTTPStatus

from mockidp.flows.accounts.change_password import check_password_history
from mockidp.flows.accounts.new_password import check_new_password
from mockidp.protocol.errors.account_refusal import PasswordRefusal
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def check_password(tenant: Tenant, connection: Connection, user: User, password: str) -> None:
    """Check a new password against the policy of its connection, and the user's earlier ones.

    Raises:
        ApiRefusal: The policy refuses it.
    """
    try:
        check_new_password(tenant, connection, user, password)
        check_password_history(tenant, user, password)
    except PasswordRefusal as refused:
        raise ApiRefusal(
            HTTPStatus.BAD_REQUEST,
            f"{refused.name}: {refused.text}",
            error_code="invalid_body",
            hint=refused.hint,
        ) from None
