"""The discovery document. It lists exactly what the tenant supports.

Spec: OpenID Connect Discovery 3; RFC 8414 2.
Auth0: the issuer ends in a slash; `grant_types_supported` is absent, and the Okta Spring
starter recognizes Auth0 by the absence of `introspection_endpoint`.
"""

from __future__ import annotations

from typing import Any

from mockidp.protocol.clients import keys as client_keys
from mockidp.protocol.logout import global_revocation
from mockidp.protocol.mfa.authentication_methods import AUTHENTICATION_METHODS
from mockidp.protocol.oauth.pkce import METHODS
from mockidp.protocol.oauth.response_mode import ADVERTISED_RESPONSE_MODES
from mockidp.protocol.oauth.response_type import RESPONSE_TYPES
from mockidp.protocol.oauth.scope import OIDC_SCOPES

DISCOVERY = "/.well-known/openid-configuration"
AUTHORIZE = "/authorize"
TOKEN = "/oauth/token"
DEVICE_CODE = "/oauth/device/code"
ACTIVATE = "/activate"
PAR = "/oauth/par"
REVOKE = "/oauth/revoke"
USERINFO = "/userinfo"
MFA_CHALLENGE = "/mfa/challenge"
JWKS = "/.well-known/jwks.json"
END_SESSION = "/oidc/logout"
REGISTER = "/oidc/register"


def discovery_document(
    *,
    issuer: str,
    base_url: str,
    browser_url: str,
    names_end_session: bool = True,
    adds_iss: bool = False,
    accepts_pushed: bool = False,
    registers_clients: bool = False,
    mtls_url: str = "",
) -> dict[str, Any]:
    """Return the document for a request that came in at `base_url`.

    Endpoints for browsers are below `browser_url`, those for the app below `base_url`, and those
    for mutual TLS below `mtls_url` (RFC 8705 5).
    """
    return {
        "issuer": issuer,
        "authorization_endpoint": browser_url + AUTHORIZE,
        "token_endpoint": base_url + TOKEN,
        "device_authorization_endpoint": base_url + DEVICE_CODE,
        "userinfo_endpoint": base_url + USERINFO,
        "mfa_challenge_endpoint": base_url + MFA_CHALLENGE,
        "jwks_uri": base_url + JWKS,
        **({"registration_endpoint": base_url + REGISTER} if registers_clients else {}),
        "revocation_endpoint": base_url + REVOKE,
        **({"pushed_authorization_request_endpoint": base_url + PAR} if accepts_pushed else {}),
        **({"end_session_endpoint": browser_url + END_SESSION} if names_end_session else {}),
        "scopes_supported": list(OIDC_SCOPES),
        "response_types_supported": list(RESPONSE_TYPES),
        "code_challenge_methods_supported": list(METHODS),
        "response_modes_supported": list(ADVERTISED_RESPONSE_MODES),
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": list(AUTHENTICATION_METHODS),
        "token_endpoint_auth_signing_alg_values_supported": list(client_keys.ALGS),
        "claims_supported": [
            "aud", "auth_time", "created_at", "email", "email_verified", "exp", "family_name",
            "given_name", "iat", "identities", "iss", "name", "nickname", "phone_number",
            "picture", "sub",
        ],
        **({"authorization_response_iss_parameter_supported": True} if adds_iss else {}),
        "request_uri_parameter_supported": False,
        "request_parameter_supported": True,
        "id_token_signing_alg_values_supported": ["HS256", "RS256", "PS256"],
        "tls_client_certificate_bound_access_tokens": True,
        "request_object_signing_alg_values_supported": list(client_keys.ALGS),
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        **({"mtls_endpoint_aliases": _aliases(mtls_url, accepts_pushed)} if mtls_url else {}),
        "global_token_revocation_endpoint": f"{base_url}{global_revocation.PATH}{{connectionName}}",
        "global_token_revocation_endpoint_auth_methods_supported": [global_revocation.AUTH_METHOD],
    }  # fmt: skip


def _aliases(url: str, accepts_pushed: bool) -> dict[str, str]:  # noqa: FBT001
    """Return the endpoints that accept client certificates."""
    aliases = {"token_endpoint": url + TOKEN, "userinfo_endpoint": url + USERINFO}
    pushed = {"pushed_authorization_request_endpoint": url + PAR}
    return aliases | (pushed if accepts_pushed else {})


def describe_mismatch(base_url: str, issuer: str) -> str:
    """Return a clause that says that the issuer of a document is not the URL where it was read.

    Spec: OpenID Connect Discovery 4.3 requires it, and strict clients check.
    """
    return (
        f"discovery was read at {base_url}/, but the issuer is {issuer}: strict clients refuse that"
    )


def mismatch_remedy(issuer: str) -> str:
    """Return the remedy for a pinned issuer, as a clause."""
    return (
        f"set MOCKIDP_BROWSER_URL={issuer} (browser_url) instead of MOCKIDP_ISSUER (issuer), or "
        "let the client read it at the issuer's URL"
    )
