"""A snapshot as plain data, to be kept or carried elsewhere, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mockidp.errors import MockIdPError
from mockidp.protocol.keys import SigningKey, load_private_keys
from mockidp.tenant.clock import ClockSetting
from mockidp.tenant.config.plain import plain, structure_tenant
from mockidp.tenant.plain_data import from_plain, to_plain
from mockidp.tenant.sign_ins import SignIn
from mockidp.tenant.snapshot import STORED, Snapshot
from mockidp.tenant.store import Entry

VERSION = 1


def snapshot_data(snapshot: Snapshot) -> dict[str, Any]:
    """Return plain data for JSON. It holds private keys and passwords: those of a test."""
    stores = {
        name: [[key, to_plain(entry)] for key, entry in entries]
        for name, entries in snapshot.stores.items()
    }
    return {"stores": stores, **snapshot_facts(snapshot)}


def snapshot_facts(snapshot: Snapshot) -> dict[str, Any]:
    """Return the plain data of what stands beside the stores."""
    return {
        "mockidp_snapshot": VERSION,
        "document": plain(snapshot.document),
        "keys": [_key_data(key) for key in snapshot.keys],
        "spare_keys": [_key_data(key) for key in snapshot.spare_keys],
        "bewit_key": snapshot.bewit_key,
        "sign_ins": to_plain(snapshot.sign_ins),
        "clock": to_plain(snapshot.clock),
        "ids": to_plain(snapshot.ids),
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Key:
    kid: str
    made_at: float
    private_key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _SnapshotData:
    mockidp_snapshot: int
    document: Mapping[str, Any]
    stores: Mapping[str, Any]
    keys: tuple[_Key, ...]
    spare_keys: tuple[_Key, ...]
    bewit_key: str
    sign_ins: tuple[SignIn, ...]
    clock: ClockSetting
    ids: tuple[Any, ...] | None


def snapshot_from(data: Any) -> Snapshot:
    """Return the snapshot that plain data stands for.

    Raises:
        MockIdPError: It is none, or one of another version; the text names the place.
    """
    read = from_plain(_SnapshotData, data)
    if read.mockidp_snapshot != VERSION:
        raise MockIdPError(
            f"the snapshot has version {read.mockidp_snapshot}; this mockidp reads {VERSION}"
        )
    if set(read.stores) != set(STORED):
        raise MockIdPError(f"/stores: expected {', '.join(STORED)}")
    keys = tuple(map(_key, read.keys))
    if len(keys) < 2:  # noqa: PLR2004 - the current and the next
        raise MockIdPError("/keys: expected two keys or more")
    return Snapshot(
        document=structure_tenant(read.document, source="snapshot"),
        stores={name: _entries(name, read.stores[name]) for name in STORED},
        keys=keys,
        spare_keys=tuple(map(_key, read.spare_keys)),
        bewit_key=read.bewit_key,
        sign_ins=read.sign_ins,
        clock=read.clock,
        ids=_ids(read.ids),
    )


def _entries(name: str, data: Any) -> tuple[tuple[str, Entry[Any]], ...]:
    entries = []
    for index, one in enumerate(from_plain(tuple[Any, ...], data, f"/stores/{name}")):
        path = f"/stores/{name}/{index}"
        if not (isinstance(one, list) and len(one) == 2 and isinstance(one[0], str)):  # noqa: PLR2004
            raise MockIdPError(f"{path}: expected a key and its entry")
        held = from_plain(Entry, one[1], path)
        value = from_plain(STORED[name], held.value, f"{path}/value")
        entries.append((one[0], replace(held, value=value)))
    return tuple(entries)


def _key_data(key: SigningKey) -> dict[str, Any]:
    pem = key.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"kid": key.kid, "made_at": key.made_at, "private_key": pem.decode()}


def _key(data: _Key) -> SigningKey:
    (private_key,) = load_private_keys(data.private_key.encode(), source="snapshot")[:1]
    return SigningKey(private_key, kid=data.kid, made_at=data.made_at)


def _ids(state: Any) -> Any:
    """Return the state of a seeded sequence as `random` takes it."""
    if state is None:
        return None
    try:
        version, numbers, gauss = state
        return version, tuple(map(int, numbers)), gauss
    except (TypeError, ValueError):
        raise MockIdPError("/ids: expected the state of a seeded sequence") from None
