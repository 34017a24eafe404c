"""Auth0's legacy endpoints, which older apps and SDKs call.

- `request`: what they have in common: the client, its grants, and the texts of refusals.
- `resource_owner`: `/oauth/ro` issues tokens for a password or a code.
- `social`: `/oauth/access_token` issues tokens for a token of a social provider.
- `delegation`: `/delegation` exchanges an ID token or refresh token for an ID token.
- `token_info`: `/tokeninfo` returns the profile of an ID token's user.
- `unlink`: `/unlink` separates linked accounts.
- `sso_data`: `/user/ssodata` tells a login page who is logged in.
- `lock_settings`: scripts with the connections of a client, which Lock loads.
- `hosted_login`: `/usernamepassword/login` returns a form that logs the browser in.
- `login_result`: `/login/callback` accepts that form.

Only clients with `oidc_conformant: false` may use those that issue tokens, and each needs a legacy
grant type.
"""
