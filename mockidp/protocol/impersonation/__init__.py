"""Links of Auth0's legacy impersonation."""
