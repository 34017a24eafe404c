"""All operations of the Management API."""

from mockidp.management import roles, users

OPERATIONS = (*users.OPERATIONS, *roles.OPERATIONS)
