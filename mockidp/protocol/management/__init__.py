"""Jobs and scopes of the Management API."""
