"""Snapshots as plain data, for files and the control API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.pieces import Members, plain
from mockidp.codec.wire import expect, from_wire
from mockidp.codec.write import to_file_in_pieces, to_wire
from mockidp.errors import MockIdPError
from mockidp.frozen import frozen, replace
from mockidp.protocol.json_reader import JsonReader
from mockidp.storage.store import FOREVER, Entries, Entry
from mockidp.tenant.clock import Clock, ClockSetting
from mockidp.tenant.config.leniency import LOADED
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.ids import IdsState
from mockidp.tenant.keys.data import KeyData, check_keys, keys_data, keys_from
from mockidp.tenant.state.sign_ins import SignIn
from mockidp.tenant.state.snapshot import Snapshot
from mockidp.tenant.state.stores import SPECS, record_classes

VERSION = 2
_VERSION_KEY = "mockidp_snapshot"
_PAIR = 2
_STORES = f"{', '.join(SPECS)}, and no others"
_Entries = tuple[tuple[str, Entry[Any]], ...]


def snapshot_data(snapshot: Snapshot) -> dict[str, Any]:
    """Return plain data for JSON. It includes the private keys and passwords of the tenant."""
    data: dict[str, Any] = plain(snapshot_in_pieces(snapshot))
    return data


def snapshot_in_pieces(snapshot: Snapshot) -> Members:
    """Return the same data, of which records and entries are made when they are written."""
    return Members(
        mockidp_snapshot=VERSION,
        document=to_file_in_pieces(snapshot.document),
        keys=keys_data(snapshot.keys),
        spare_keys=keys_data(snapshot.spare_keys),
        bewit_key=snapshot.bewit_key,
        sign_ins=to_wire(snapshot.sign_ins),
        clock=to_wire(snapshot.clock),
        ids=to_wire(snapshot.ids),
        stores=Members({name: _entries_data(held) for name, held in snapshot.stores.items()}),
    )


def _entries_data(entries: Entries[Any]) -> Iterator[list[Any]]:
    return ([key, _entry_data(entry)] for key, entry in entries)


def _entry_data(entry: Entry[Any]) -> dict[str, Any]:
    """Return an entry without version and position, which a restored store assigns again."""
    return {
        "value": to_wire(entry.value),
        "expires_at": None if entry.expires_at == FOREVER else entry.expires_at,
        "taken_at": entry.taken_at,
    }


@frozen
class _EntryData:
    value: Any
    expires_at: float = field(metadata={"endless": True})
    taken_at: float | None = None


@frozen
class _SnapshotData:
    mockidp_snapshot: int
    document: Mapping[str, Any]
    stores: Mapping[str, Any]
    keys: tuple[KeyData, ...]
    spare_keys: tuple[KeyData, ...]
    bewit_key: str
    sign_ins: tuple[SignIn, ...]
    clock: ClockSetting
    ids: IdsState | None


def snapshot_from(data: Any) -> Snapshot:
    """Return the snapshot of plain data.

    Raises:
        MockIdPError: The data is not valid, or has another version. The text names the field.
    """
    _check_version(data)
    stores = from_wire(_SnapshotData, data).stores
    return _snapshot(data, {name: _listed(name, one) for name, one in stores.items()})


def read_snapshot(reader: JsonReader) -> Snapshot:
    """Return a snapshot that is received while its entries are made.

    Raises:
        MockIdPError: As `snapshot_from`.
        InvalidRequest: It is not JSON.
    """
    data, stores = dict[str, Any](), dict[str, _Entries]()
    expect(reader.is_at("{"), "", "a mapping")
    for name in reader.members():
        if name == "stores":
            stores, data[name] = _read_stores(reader), {}
        else:
            data[name] = reader.value()
            if name == _VERSION_KEY:
                _check_version(data)
    reader.end()
    _check_version(data)
    return _snapshot(data, stores)


def _read_stores(reader: JsonReader) -> dict[str, _Entries]:
    stores = {}
    expect(reader.is_at("{"), "/stores", "a mapping")
    for name in reader.members():
        if not reader.is_at("["):
            _listed(name, reader.value())
        stores[name] = _entries(name, reader.items())
    return stores


def _snapshot(data: Mapping[str, Any], stores: Mapping[str, _Entries]) -> Snapshot:
    read = from_wire(_SnapshotData, data)
    expect(set(stores) == set(SPECS), "/stores", _STORES)
    check_keys(read.keys, read.spare_keys)
    expect(read.ids is None or read.ids.draws >= 0, "/ids/draws", "a number from 0")
    return Snapshot(
        document=document_from(read.document),
        stores={name: stores[name] for name in SPECS},
        keys=keys_from("/keys", read.keys),
        spare_keys=keys_from("/spare_keys", read.spare_keys),
        bewit_key=read.bewit_key,
        sign_ins=read.sign_ins,
        clock=check_clock(read.clock),
        ids=read.ids,
    )


def _check_version(data: Any) -> None:
    """Check the version. This comes first, because another version may have other fields."""
    expect(isinstance(data, dict), "", "a mapping")
    version = data.get(_VERSION_KEY)
    if type(version) is int and version != VERSION:
        raise MockIdPError(
            f"/mockidp_snapshot: found version {version} of the format, expected version "
            f"{VERSION}: take the snapshot again with this version of mockidp"
        )
    expect(version == VERSION and version is not True, "/mockidp_snapshot", f"version {VERSION}")


def document_from(data: Mapping[str, Any]) -> TenantDocument:
    """Return the document of a snapshot.

    Raises:
        ConfigError: It has mistakes. The error contains all of them.
    """
    try:
        return structure_tenant(data, source="snapshot", leniency=LOADED)
    except ConfigError as error:
        moved = (
            replace(
                one,
                path=f"document.{one.path}" if one.path else "document",
                steps=("document", *(one.steps or ())),
            )
            for one in error.mistakes
        )
        raise ConfigError(moved, more=error.more) from None


def _listed(name: str, data: Any) -> _Entries:
    return _entries(name, from_wire(tuple[Any, ...], data, f"/stores/{name}"))


def _entries(name: str, items: Iterable[Any]) -> _Entries:
    expect(name in SPECS, "/stores", _STORES)
    entries = {}
    for index, one in enumerate(items):
        path = f"/stores/{name}/{index}"
        expect(isinstance(one, list) and len(one) == _PAIR, path, "a key and its entry")
        key, held = (
            from_wire(str, one[0], f"{path}/0"),
            from_wire(_EntryData, one[1], f"{path}/1"),
        )
        expect(key not in entries, f"{path}/0", "each key once")
        value: Any = from_wire(record_classes()[name], held.value, f"{path}/1/value")
        entries[key] = Entry(value=value, expires_at=held.expires_at, taken_at=held.taken_at)
    return tuple(entries.items())


def check_clock(setting: ClockSetting) -> ClockSetting:
    """Return the setting of a clock unchanged.

    Raises:
        MockIdPError: The time is outside the years 1970 to 9999.
    """
    clock = Clock()
    clock.setting = setting
    try:
        if setting.frozen_at is None:
            clock.offset(setting.offset)
        else:
            clock.freeze(setting.frozen_at)
        clock.skew = setting.skew
    except ValueError as error:
        raise MockIdPError(f"/clock: {error}") from None
    return setting
