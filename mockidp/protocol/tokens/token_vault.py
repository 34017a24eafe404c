"""Token Vault: the names and texts of the exchange for a token of another service.

Auth0: https://auth0.com/docs/secure/call-apis-on-users-behalf/token-vault. Evidence:
docs/fidelity.md.
"""

from __future__ import annotations

FEDERATED_TOKEN = "http://auth0.com/oauth/token-type/federated-connection-access-token"
"""The `requested_token_type` and `issued_token_type`."""
REFRESH_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:refresh_token"
NOT_ENABLED = "Token Vault is not enabled for the provided connection"
NO_TOKEN = "Federated connection Refresh Token not found."
NO_ACCOUNT = "Identity User not found."
