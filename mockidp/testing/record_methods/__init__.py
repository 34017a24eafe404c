"""The test methods for records of all types.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from mockidp.testing.record_methods.apis import ApiMethods
from mockidp.testing.record_methods.client_grants import ClientGrantMethods
from mockidp.testing.record_methods.clients import ClientMethods
from mockidp.testing.record_methods.connections import ConnectionMethods
from mockidp.testing.record_methods.custom_domains import CustomDomainMethods
from mockidp.testing.record_methods.organizations import OrganizationMethods
from mockidp.testing.record_methods.roles import RoleMethods
from mockidp.testing.record_methods.token_exchange_profiles import TokenExchangeProfileMethods
from mockidp.testing.record_methods.users import UserMethods


class RecordMethods(
    ClientMethods,
    ApiMethods,
    ClientGrantMethods,
    ConnectionMethods,
    RoleMethods,
    UserMethods,
    OrganizationMethods,
    TokenExchangeProfileMethods,
    CustomDomainMethods,
):
    """The test methods for records of all types."""
