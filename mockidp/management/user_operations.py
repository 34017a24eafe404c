"""The operations of users, and of what belongs to them."""

from mockidp.management import (
    grants,
    identities,
    refresh_tokens,
    sessions,
    user_access,
    user_blocks,
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
)
