"""The operations of users, and of what belongs to them."""

from mockidp.management import (
    authentication_methods,
    grants,
    identities,
    refresh_tokens,
    sessions,
    user_access,
    user_accounts,
    user_blocks,
    user_mfa,
    users,
)

OPERATIONS = (
    *users.OPERATIONS,
    *user_access.OPERATIONS,
    *user_blocks.OPERATIONS,
    *sessions.OPERATIONS,
    *refresh_tokens.OPERATIONS,
    *identities.OPERATIONS,
    *grants.OPERATIONS,
    *authentication_methods.OPERATIONS,
    *user_mfa.OPERATIONS,
    *user_accounts.OPERATIONS,
)
