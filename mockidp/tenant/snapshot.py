"""What a tenant was at one moment: taken, and gone back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.protocol.artifacts import (
    AuthorizationCode,
    FailedLogins,
    ImpersonationLink,
    LoginTransaction,
    OpaqueToken,
    RefreshToken,
    RefreshTokenFamily,
    Session,
)
from mockidp.protocol.keys import SigningKey
from mockidp.storage.store import Entry
from mockidp.tenant.clock import ClockSetting
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.sign_ins import SignIn

STORED: Mapping[str, Any] = {
    "sessions": Session,
    "logins": LoginTransaction,
    "codes": AuthorizationCode,
    "opaque_tokens": OpaqueToken,
    "refresh_tokens": RefreshToken,
    "refresh_families": RefreshTokenFamily,
    "consents": tuple[str, ...],
    "links": ImpersonationLink,
    "failed_logins": FailedLogins,
}
"""What each store of a tenant holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What a tenant knows and remembers, its keys, its clock and its seed's sequence.

    Faults and the journal are no part of it.
    """

    document: TenantDocument
    stores: Mapping[str, tuple[tuple[str, Entry[Any]], ...]]
    keys: tuple[SigningKey, ...]
    spare_keys: tuple[SigningKey, ...]
    bewit_key: str
    sign_ins: tuple[SignIn, ...]
    clock: ClockSetting
    ids: Any


def check_snapshot(thing: Snapshot) -> Snapshot:
    """Return a snapshot as it is.

    Raises:
        MockIdPError: It is something else.
    """
    if not isinstance(thing, Snapshot):
        raise MockIdPError(f"found {type(thing).__name__}, expected what snapshot() returned")
    return thing
