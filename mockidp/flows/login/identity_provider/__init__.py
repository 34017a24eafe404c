"""Logins at the identity provider of a connection, in whose place is a page of mockidp."""
