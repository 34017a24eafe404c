"""Snapshots: the state of a tenant at one time, without faults and journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.protocol.tokens.keys import TenantKey
from mockidp.storage.store import Entry
from mockidp.tenant.clock import ClockSetting
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.ids import IdsState
from mockidp.tenant.state.sign_ins import SignIn


@frozen
class Snapshot:
    """The records, sessions, tokens, keys, clock and seeded sequence of a tenant."""

    document: TenantDocument
    stores: Mapping[str, tuple[tuple[str, Entry[Any]], ...]]
    keys: tuple[TenantKey, ...]
    spare_keys: tuple[TenantKey, ...]
    bewit_key: str
    sign_ins: tuple[SignIn, ...]
    clock: ClockSetting
    ids: IdsState | None


def check_snapshot(value: Snapshot) -> Snapshot:
    """Return a snapshot unchanged.

    Raises:
        MockIdPError: The value is not a snapshot.
    """
    if not isinstance(value, Snapshot):
        raise MockIdPError(f"Expected the result of snapshot(), found {type(value).__name__}.")
    return value
