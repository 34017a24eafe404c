"""The methods by which clients authenticate. Spec: RFC 7591 2; RFC 8705 2."""

AUTHENTICATION_METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")
"""The methods in the discovery document. Public clients use `none`."""
UNSUPPORTED_AUTHENTICATION_METHODS = ("tls_client_auth", "self_signed_tls_client_auth")
"""Auth0's methods with mutual TLS, which mockidp refuses by name."""
