"""All operations below `/tickets`."""

from mockidp.management.tickets import email_verification, password_change

OPERATIONS = (*email_verification.OPERATIONS, *password_change.OPERATIONS)
