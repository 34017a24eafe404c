"""The methods by which clients authenticate. Spec: RFC 7591 2; RFC 8705 2."""

TLS_CLIENT_AUTH, SELF_SIGNED_TLS_CLIENT_AUTH = "tls_client_auth", "self_signed_tls_client_auth"
MTLS = "mtls"
"""The index of records that need client certificates, and the name of the mechanism."""
MUTUAL_TLS = (TLS_CLIENT_AUTH, SELF_SIGNED_TLS_CLIENT_AUTH)
"""The methods with mutual TLS."""
AUTHENTICATION_METHODS = (
    "client_secret_basic", "client_secret_post", "private_key_jwt", *MUTUAL_TLS,
)  # fmt: skip
"""The methods in the discovery document. Public clients use `none`."""
