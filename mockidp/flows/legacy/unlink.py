"""`/unlink`: separate an account from the one that it was linked to.

Auth0: docs/fidelity.md, "Legacy endpoints". The linked account becomes a user again, with the
profile that the identity keeps as `profileData`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.accounts.linked import other_user_of, user_of_identity
from mockidp.flows.legacy.request import require_text
from mockidp.flows.requests.parameters import check_parameters
from mockidp.flows.tokens.userinfo import find_user
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.legacy import UNLINK
from mockidp.resources.user import User
from mockidp.storage.store import replace_value
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp

PATHS = ("/unlink", "/login/unlink")


def unlink(tenant: Tenant, base_url: str, parameters: Parameters) -> None:
    """Remove an identity from the user of an access token, and store its user.

    Raises:
        Refusal: The token is not accepted, or the user has no such linked account.
    """
    token = require_text(tenant, parameters, "access_token")
    user_id = require_text(tenant, parameters, "user_id")
    check_parameters(tenant, UNLINK, parameters)
    users, is_unlinked = tenant.directory.users.store, False
    while not is_unlinked:
        _, user = find_user(tenant, base_url, token)
        identity = _linked(tenant, user, user_id)
        others = tuple(one for one in user.identities if one != identity)
        now = timestamp(tenant.now())
        account = user_of_identity(user_id, identity, user.connection, now)
        _check_is_free(tenant, account)
        unlinked = replace(user, identities=others, updated_at=now)
        is_unlinked = replace_value(users, user.user_id, user, unlinked)
    users.swap(user_id, None, account)


def _check_is_free(tenant: Tenant, account: User) -> None:
    other = other_user_of(tenant, account)
    with tenant.trace.check("other_user", other=other.user_id if other else None):
        if other is not None:
            raise InvalidRequest(
                "The user already exists.",
                hint=f"Account {account.user_id} cannot be a user again, because user "
                f"{other.user_id} has its id, e-mail address or username. Delete or change that "
                "user first.",
            )


def _linked(tenant: Tenant, user: User, user_id: str) -> Mapping[str, Any]:
    """Return the identity of a linked account."""
    linked = {f"{one.get('provider')}|{one.get('user_id')}": one for one in user.identities[1:]}
    with tenant.trace.check("user_id", sent=user_id, linked=list(linked)):
        if user_id not in linked:
            raise InvalidRequest(
                "the user has no such identity",
                hint=f"Accounts that are linked to user {user.user_id}: "
                f"{', '.join(linked) or 'none'}. Property `user_id` is {user_id!r}. Send one of "
                "them, or add it to the user's `identities`.",
            )
    return linked[user_id]
