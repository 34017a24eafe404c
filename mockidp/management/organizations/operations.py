"""All operations below `/organizations`."""

from mockidp.management.organizations import connections, invitations, members, organization

OPERATIONS = (
    *organization.OPERATIONS,
    *members.OPERATIONS,
    *connections.OPERATIONS,
    *invitations.OPERATIONS,
)
