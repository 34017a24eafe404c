"""The metadata that the setting `profile: oidc` adds to the discovery document.

Spec: OpenID Connect Discovery 3.
Auth0: it has no `grant_types_supported`, and does not know the parameter `claims`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.protocol.mfa.records import ACR_VALUES
from mockidp.protocol.oauth.grant_types import (
    AUTHORIZATION_CODE,
    CLIENT_CREDENTIALS,
    DEVICE_CODE,
    IMPLICIT,
    JWT_BEARER,
    PASSWORD,
    REFRESH_TOKEN,
    TOKEN_EXCHANGE,
)
from mockidp.protocol.tokens.standard_claims import STANDARD_CLAIMS

_GRANT_TYPES = (
    AUTHORIZATION_CODE, IMPLICIT, REFRESH_TOKEN, CLIENT_CREDENTIALS, PASSWORD, DEVICE_CODE,
    TOKEN_EXCHANGE, JWT_BEARER,
)  # fmt: skip
_PARAMETERS = ("acr", "at_hash", "c_hash", "nonce", "sid", "updated_at")
_OBJECT_ALGS = "request_object_signing_alg_values_supported"


def with_oidc_metadata(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with the metadata that `profile: oidc` adds."""
    claims = {*document["claims_supported"], *STANDARD_CLAIMS, *_PARAMETERS}
    return {
        **document,
        "claims_supported": sorted(claims),
        _OBJECT_ALGS: [*document[_OBJECT_ALGS], "none"],
        "grant_types_supported": list(_GRANT_TYPES),
        "acr_values_supported": list(ACR_VALUES),
        "claims_parameter_supported": True,
    }
