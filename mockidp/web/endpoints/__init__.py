"""Auth0's Authentication API: each module with the paths of its routes."""

from mockidp.web.routing.route import Route
from mockidp.web.routing.route_module import route_modules

MODULES = route_modules(
    __name__,
    {
        "authorize": "/authorize",
        "token": "/oauth/token",
        "revoke": "/oauth/revoke",
        "global_revocation": "/oauth/global-token-revocation/connection/{id}",
        "par": "/oauth/par",
        "register": "/oidc/register",
        "accounts": ("/dbconnections/signup", "/dbconnections/change_password"),
        "cross_origin": "/co/authenticate",
        "passwordless": (
            "/passwordless/start", "/passwordless/verify", "/passwordless/verify_redirect",
        ),
        "passkeys": ("/passkey/register", "/passkey/challenge"),
        "device_code": "/oauth/device/code",
        "userinfo": "/userinfo",
        "documents": (
            "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
            "/.well-known/jwks.json", "/.well-known/webfinger",
        ),
        "certificates": ("/pem", "/rawpem", "/cer", "/pb7", "/fingerprint"),
        "logout": ("/v2/logout", "/oidc/logout"),
        "impersonate": ("/users/{id}/impersonate", "/users/{id}"),
        "mfa": (
            "/mfa/challenge", "/mfa/associate", "/mfa/authenticators", "/mfa/authenticators/{id}",
        ),
        "legacy": (
            "/oauth/ro", "/oauth/access_token", "/delegation", "/tokeninfo", "/unlink",
            "/login/unlink",
        ),
        "lock": (
            "/client/{id}", "/info-v1.js", "/user/ssodata", "/usernamepassword/challenge",
            "/dbconnections/signup/challenge", "/dbconnections/change_password/challenge",
            "/passwordless/challenge",
        ),
        "health": "/test",
        "unmatched": "/favicon.ico",
    },
)  # fmt: skip


def routes() -> tuple[Route, ...]:
    """Import all modules, and return their routes."""
    return tuple(route for module in MODULES for route in module.routes())
