"""All operations below `/connections`, and the lists of their configurations."""

from mockidp.management.connections import connections, scim_configurations, scim_tokens

OPERATIONS = (
    *connections.OPERATIONS,
    *scim_configurations.OPERATIONS,
    *scim_tokens.OPERATIONS,
)
