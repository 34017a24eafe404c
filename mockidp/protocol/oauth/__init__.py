"""The parameters and values of OAuth 2.0 and OpenID Connect requests."""
