"""The test methods for users.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Unpack

from mockidp.resources.user import USER, User
from mockidp.testing.record_fields.users import UserFields
from mockidp.testing.record_methods.base import RecordMethodsBase


class UserMethods(RecordMethodsBase):
    """Add, get, list, patch and remove users."""

    def add_user(self, user: str, /, **fields: Unpack[UserFields]) -> User:
        """Add a user, or replace the one with the same key.

        Args:
            user: A full id such as `auth0|carol`, the part after `auth0|`, or an e-mail address.
            **fields: Auth0's fields of a user. The password is `Passw0rd!` by default.

        Raises:
            MockIdPError: A field is unknown, or a value is not valid.
        """
        return self._add_record(USER, user, fields)

    def get_user(self, user: str, /) -> User:
        """Return a user.

        Args:
            user: A full id such as `auth0|carol`, the part after `auth0|`, or an e-mail address.

        Raises:
            MockIdPError: There is no such user.
        """
        return self._get_record(USER, user)

    def list_users(self) -> list[User]:
        """Return all users."""
        return self._list_records(USER)

    def patch_user(self, user: str, /, **fields: Unpack[UserFields]) -> User:
        """Change some fields of a user, and keep the others.

        Args:
            user: A full id such as `auth0|carol`, the part after `auth0|`, or an e-mail address.
            **fields: The fields to change. A list replaces the list.

        Raises:
            MockIdPError: There is no such user, a field is unknown, or a value is not valid.
        """
        return self._patch_record(USER, user, fields)

    def remove_user(self, user: str, /) -> None:
        """Remove a user and what refers to it, as Auth0 does.

        Args:
            user: A full id such as `auth0|carol`, the part after `auth0|`, or an e-mail address.

        Raises:
            MockIdPError: There is no such user, or a setting of the tenant refers to it.
        """
        self._remove_record(USER, user)
