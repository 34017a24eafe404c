"""All operations below `/organizations`."""

from mockidp.management.organizations import members, organization

OPERATIONS = (
    *organization.OPERATIONS,
    *members.OPERATIONS,
)
