"""The stores for what a tenant has issued, and their indexes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.protocol.artifacts import (
    AuthorizationCode,
    Consent,
    FailedLogins,
    ImpersonationLink,
    LoginTransaction,
    OpaqueToken,
    PushedRequest,
    RefreshToken,
    RefreshTokenFamily,
    Session,
    UsedAssertion,
)
from mockidp.storage.store import IndexValues, StoreSpec

USER, CLIENT, FAMILY, SUBJECT = "user", "client", "family", "subject"
"""Names of indexes."""


def _by(field: str) -> IndexValues[Any]:
    """Return an index by a field that may be empty."""

    def values(record: Any) -> tuple[str, ...]:
        value = getattr(record, field)
        return () if value is None else (value,)

    return values


_BY_USER, _BY_CLIENT = {USER: _by("user_id")}, {CLIENT: _by("client_id")}


def _request_client(login: LoginTransaction) -> tuple[str]:
    return (login.request.client_id,)


KINDS: Mapping[str, tuple[type, Mapping[str, IndexValues[Any]]]] = {
    "sessions": (Session, _BY_USER),
    "logins": (LoginTransaction, {CLIENT: _request_client}),
    "codes": (AuthorizationCode, _BY_USER | _BY_CLIENT),
    "opaque_tokens": (OpaqueToken, _BY_USER | _BY_CLIENT),
    "refresh_tokens": (RefreshToken, {FAMILY: _by("family_id")}),
    "refresh_families": (RefreshTokenFamily, _BY_USER | _BY_CLIENT),
    "consents": (Consent, _BY_USER | _BY_CLIENT),
    "links": (ImpersonationLink, _BY_USER | _BY_CLIENT),
    "failed_logins": (FailedLogins, {SUBJECT: _by("subject")}),
    "pushed_requests": (PushedRequest, _BY_CLIENT),
    "used_assertions": (UsedAssertion, _BY_CLIENT),
}
"""The record class and the indexes of each store."""


SPECS: Mapping[str, StoreSpec[Any]] = {
    name: StoreSpec(name=name, indexes=indexes) for name, (_, indexes) in KINDS.items()
}
