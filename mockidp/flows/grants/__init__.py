"""The grant types of /oauth/token, one a file: (tenant, request) -> body, or OAuthError."""
