"""The test methods for custom domains.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Unpack

from mockidp.resources.custom_domain import CUSTOM_DOMAIN, CustomDomain
from mockidp.testing.record_fields.custom_domains import CustomDomainFields
from mockidp.testing.record_methods.base import RecordMethodsBase


class CustomDomainMethods(RecordMethodsBase):
    """Add, get, list, patch and remove custom domains."""

    def add_custom_domain(
        self, domain: str, /, **fields: Unpack[CustomDomainFields]
    ) -> CustomDomain:
        """Add a custom domain, or replace the one with the same key.

        Args:
            domain: The host name, in lower case and without a port, such as `login.acme.example`.
            **fields: Auth0's fields of a custom domain.

        Raises:
            MockIdPError: A field is unknown, or a value is not valid.
        """
        return self._add_record(CUSTOM_DOMAIN, domain, fields)

    def get_custom_domain(self, domain: str, /) -> CustomDomain:
        """Return a custom domain.

        Args:
            domain: The host name, in lower case and without a port, such as `login.acme.example`.

        Raises:
            MockIdPError: There is no such custom domain.
        """
        return self._get_record(CUSTOM_DOMAIN, domain)

    def list_custom_domains(self) -> list[CustomDomain]:
        """Return all custom domains."""
        return self._list_records(CUSTOM_DOMAIN)

    def patch_custom_domain(
        self, domain: str, /, **fields: Unpack[CustomDomainFields]
    ) -> CustomDomain:
        """Change some fields of a custom domain, and keep the others.

        Args:
            domain: The host name, in lower case and without a port, such as `login.acme.example`.
            **fields: The fields to change. A list replaces the list.

        Raises:
            MockIdPError: There is no such custom domain, a field is unknown, or a value is not
                valid.
        """
        return self._patch_record(CUSTOM_DOMAIN, domain, fields)

    def remove_custom_domain(self, domain: str, /) -> None:
        """Remove a custom domain and what refers to it, as Auth0 does.

        Args:
            domain: The host name, in lower case and without a port, such as `login.acme.example`.

        Raises:
            MockIdPError: There is no such custom domain, or a setting of the tenant refers to it.
        """
        self._remove_record(CUSTOM_DOMAIN, domain)
