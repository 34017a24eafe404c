"""The rules of OAuth 2.0, OpenID Connect and Auth0 as pure code: no clock, no I/O, no state."""
