"""What a tenant was at one moment: taken, and gone back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockidp.protocol.keys import SigningKey
from mockidp.tenant.clock import ClockSetting
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.sign_ins import SignIn
from mockidp.tenant.store import Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What a tenant knows and remembers, its keys, its clock and its seed's sequence.

    Faults and the journal are no part of it.
    """

    document: TenantDocument
    stores: Mapping[str, tuple[tuple[str, Entry[Any]], ...]]
    keys: tuple[SigningKey, ...]
    spare_keys: tuple[SigningKey, ...]
    sign_ins: tuple[SignIn, ...]
    clock: ClockSetting
    ids: Any
