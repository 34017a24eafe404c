"""The hosted login: from an authorization request to the user who answers it."""
