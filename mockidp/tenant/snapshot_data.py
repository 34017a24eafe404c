"""A snapshot as plain data, to be kept or carried elsewhere, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mockidp.errors import MockIdPError
from mockidp.protocol.keys import SigningKey, load_private_keys
from mockidp.storage.store import Entry
from mockidp.tenant.clock import LATEST, Clock, ClockSetting
from mockidp.tenant.config.leniency import LOADED
from mockidp.tenant.config.mistakes import ConfigError
from mockidp.tenant.config.plain import plain, structure_tenant
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.ids import parse_state
from mockidp.tenant.plain_data import expect, from_plain, to_plain
from mockidp.tenant.sign_ins import SignIn
from mockidp.tenant.snapshot import STORED, Snapshot

VERSION = 1
_FEWEST_KEYS = 2  # the current and the next
_PAIR = 2


def snapshot_data(snapshot: Snapshot) -> dict[str, Any]:
    """Return plain data for JSON. It contains the test tenant's private keys and passwords."""
    stores = {
        name: [[key, to_plain(entry)] for key, entry in entries]
        for name, entries in snapshot.stores.items()
    }
    return {**snapshot_facts(snapshot), "stores": stores}


def snapshot_facts(snapshot: Snapshot) -> dict[str, Any]:
    """Return the plain data of everything but the stores."""
    return {
        "mockidp_snapshot": VERSION,
        "document": plain(snapshot.document),
        "keys": keys_data(snapshot.keys),
        "spare_keys": keys_data(snapshot.spare_keys),
        "bewit_key": snapshot.bewit_key,
        "sign_ins": to_plain(snapshot.sign_ins),
        "clock": to_plain(snapshot.clock),
        "ids": to_plain(snapshot.ids),
    }


def keys_data(keys: Iterable[SigningKey]) -> list[dict[str, Any]]:
    """Return the plain data of signing keys."""
    return [
        {"kid": key.kid, "made_at": key.made_at, "private_key": _pem(key.private_key)}
        for key in keys
    ]


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
    _check_version(data)
    read = from_plain(_SnapshotData, data)
    expect(set(read.stores) == set(STORED), "/stores", f"{', '.join(STORED)}, and no others")
    expect(len(read.keys) >= _FEWEST_KEYS, "/keys", "two keys or more")
    kids = [key.kid for key in (*read.keys, *read.spare_keys)]
    expect(len(set(kids)) == len(kids), "/keys", "each kid once, those of spare_keys too")
    return Snapshot(
        document=_document(read.document),
        stores={name: _entries(name, read.stores[name]) for name in STORED},
        keys=_keys("/keys", read.keys),
        spare_keys=_keys("/spare_keys", read.spare_keys),
        bewit_key=read.bewit_key,
        sign_ins=read.sign_ins,
        clock=_clock(read.clock),
        ids=_ids(read.ids),
    )


def _check_version(data: Any) -> None:
    """Look at the version first: with another one the rest may be different."""
    expect(isinstance(data, dict), "", "a mapping")
    version = data.get("mockidp_snapshot")
    expect(
        version == VERSION and version is not True, "/mockidp_snapshot", f"the version {VERSION}"
    )


def _document(data: Mapping[str, Any]) -> TenantDocument:
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


def _entries(name: str, data: Any) -> tuple[tuple[str, Entry[Any]], ...]:
    entries = {}
    for index, one in enumerate(from_plain(tuple[Any, ...], data, f"/stores/{name}")):
        path = f"/stores/{name}/{index}"
        expect(isinstance(one, list) and len(one) == _PAIR, path, "a key and its entry")
        key, held = from_plain(str, one[0], f"{path}/0"), from_plain(Entry, one[1], f"{path}/1")
        expect(key not in entries, f"{path}/0", "each key once")
        value = from_plain(STORED[name], held.value, f"{path}/1/value")
        entries[key] = replace(held, value=value)
    return tuple(entries.items())


def _keys(path: str, keys: tuple[_Key, ...]) -> tuple[SigningKey, ...]:
    return tuple(_key(f"{path}/{index}", key) for index, key in enumerate(keys))


def _key(path: str, data: _Key) -> SigningKey:
    expect(0 <= data.made_at <= LATEST, f"{path}/made_at", "seconds since 1970, to the year 9999")
    try:
        private_key = _private_key(data.private_key)
        key = SigningKey(private_key, kid=data.kid, made_at=data.made_at)
        _ = key.jwk  # which is signed
    except (MockIdPError, ValueError) as error:
        raise MockIdPError(f"{path}/private_key: expected an RSA key as PEM; {error}") from None
    return key


@lru_cache(maxsize=32)
def _private_key(pem: str) -> rsa.RSAPrivateKey:
    """Parse a key once: it takes half a millisecond, and most snapshots have the same."""
    private_key, *_more = load_private_keys(pem.encode(), source="it")
    return private_key


@lru_cache(maxsize=32)
def _pem(private_key: rsa.RSAPrivateKey) -> str:
    pem = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()


def _clock(setting: ClockSetting) -> ClockSetting:
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


def _ids(state: Any) -> Any:
    try:
        return None if state is None else parse_state(state)
    except ValueError as error:
        raise MockIdPError(f"/ids: {error}") from None
