"""The hint for a tenant without users, such as one from an export."""

from __future__ import annotations

from collections.abc import Sized

EXAMPLE = "users: [{user_id: auth0|alice, email: alice@acme.example, password: Passw0rd!}]"
HOW_TO_ADD = (
    "Add one to `users` in the tenant file (for an exported directory, in its `mockidp.yaml`), "
    'or in a test with `idp.add_user("alice")`.'
)


def no_users_hint(users: Sized) -> str:
    """Return a hint if there are no users, and otherwise an empty string."""
    return "" if users else f"This tenant has no users, so no one can log in. {HOW_TO_ADD}"
