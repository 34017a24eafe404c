"""The test methods for token exchange profiles.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Unpack

from mockidp.resources.token_exchange_profile import TOKEN_EXCHANGE_PROFILE, TokenExchangeProfile
from mockidp.testing.record_fields.token_exchange_profiles import TokenExchangeProfileFields
from mockidp.testing.record_methods.base import RecordMethodsBase


class TokenExchangeProfileMethods(RecordMethodsBase):
    """Add, get, list, patch and remove token exchange profiles."""

    def add_token_exchange_profile(
        self, name: str, /, **fields: Unpack[TokenExchangeProfileFields]
    ) -> TokenExchangeProfile:
        """Add a token exchange profile, or replace the one with the same key.

        Args:
            name: Its name, which `mockidp.subject_tokens` refers to.
            **fields: Auth0's fields of a token exchange profile.

        Raises:
            MockIdPError: A field is unknown, or a value is not valid.
        """
        return self._add_record(TOKEN_EXCHANGE_PROFILE, name, fields)

    def get_token_exchange_profile(self, name: str, /) -> TokenExchangeProfile:
        """Return a token exchange profile.

        Args:
            name: Its name, which `mockidp.subject_tokens` refers to.

        Raises:
            MockIdPError: There is no such token exchange profile.
        """
        return self._get_record(TOKEN_EXCHANGE_PROFILE, name)

    def list_token_exchange_profiles(self) -> list[TokenExchangeProfile]:
        """Return all token exchange profiles."""
        return self._list_records(TOKEN_EXCHANGE_PROFILE)

    def patch_token_exchange_profile(
        self, name: str, /, **fields: Unpack[TokenExchangeProfileFields]
    ) -> TokenExchangeProfile:
        """Change some fields of a token exchange profile, and keep the others.

        Args:
            name: Its name, which `mockidp.subject_tokens` refers to.
            **fields: The fields to change. A list replaces the list.

        Raises:
            MockIdPError: There is no such token exchange profile, a field is unknown, or a value is
                not valid.
        """
        return self._patch_record(TOKEN_EXCHANGE_PROFILE, name, fields)

    def remove_token_exchange_profile(self, name: str, /) -> None:
        """Remove a token exchange profile and what refers to it, as Auth0 does.

        Args:
            name: Its name, which `mockidp.subject_tokens` refers to.

        Raises:
            MockIdPError: There is no such token exchange profile, or a setting of the tenant refers
                to it.
        """
        self._remove_record(TOKEN_EXCHANGE_PROFILE, name)
