"""What to tell a person whose tenant has no users, as after an export: those have none."""

from __future__ import annotations

from collections.abc import Sized

EXAMPLE = "users: [{user_id: auth0|alice, email: alice@acme.example, password: Passw0rd!}]"
HOW_TO_ADD = (
    "Add one under `users:` in the tenant file (in `mockidp.yaml` in the directory of an export), "
    'or in a test with idp.add_user("alice").'
)


def why_nobody(users: Sized) -> str:
    """Say that a tenant has no users, and how to add one; an empty text if it has some."""
    return "" if users else f"This tenant has no users, so nobody can sign in. {HOW_TO_ADD}"
