"""All operations below `/users`, `/users-by-email` and `/user-blocks`."""

from mockidp.management.users import (
    access,
    accounts,
    authentication_methods,
    blocks,
    create,
    enrollments,
    identities,
    mfa,
    update,
    users,
)

OPERATIONS = (
    *users.OPERATIONS,
    *create.OPERATIONS,
    *update.OPERATIONS,
    *access.OPERATIONS,
    *blocks.OPERATIONS,
    *identities.OPERATIONS,
    *authentication_methods.OPERATIONS,
    *mfa.OPERATIONS,
    *enrollments.OPERATIONS,
    *accounts.OPERATIONS,
)
