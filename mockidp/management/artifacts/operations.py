"""All operations of sessions, refresh tokens, grants, device credentials and blacklisted tokens."""

from mockidp.management.artifacts import (
    blacklists,
    device_credentials,
    grants,
    refresh_tokens,
    sessions,
)

OPERATIONS = (
    *sessions.OPERATIONS,
    *refresh_tokens.OPERATIONS,
    *grants.OPERATIONS,
    *device_credentials.OPERATIONS,
    *blacklists.OPERATIONS,
)
