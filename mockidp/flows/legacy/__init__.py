"""Auth0's legacy endpoints, which older apps and SDKs call.

- `request`: what they have in common: the client, its grants, and the texts of refusals.
- `resource_owner`: `/oauth/ro` issues tokens for a password or a code.
- `social`: `/oauth/access_token` issues tokens for a token of a social provider.
- `delegation`: `/delegation` exchanges an ID token or refresh token for an ID token.
- `token_info`: `/tokeninfo` returns the profile of an ID token's user.

Only clients with `oidc_conformant: false` may use those that issue tokens, and each needs a legacy
grant type.
"""
