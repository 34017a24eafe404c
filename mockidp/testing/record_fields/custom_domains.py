"""The fields of custom domains, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict


class CustomDomainFields(TypedDict, total=False):
    """A domain at which the tenant answers with its own issuer, sessions and tokens."""

    id: str
    status: Literal["ready", "pending_verification", "pending", "failed", "disabled"]
    primary: bool
    is_default: bool
    type: Literal["auth0_managed_certs", "self_managed_certs"]
    cname_api_key: str | None
    tls_policy: str
    domain_metadata: Mapping[str, Any]
