"""The SCIM 2.0 endpoint of a connection, at which a company's directory creates and changes users.

Spec: RFC 7643, RFC 7644. Auth0: Inbound SCIM (docs/fidelity.md).
"""
