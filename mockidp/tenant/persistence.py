"""A tenant whose state survives a restart: what `serve --persist` does.

Where the tenant file or the settings say something else than when they were kept, they win over
what was changed at run time; sessions, tokens and keys stay. Faults, the journal and tenants
beside the first are not kept.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.errors import MockIdPError
from mockidp.protocol.oauth_error import ServerError
from mockidp.storage.store import Store
from mockidp.storage.transactions import Changed, Part
from mockidp.tenant.config.plain import plain
from mockidp.tenant.disk import Disk, StoredEntry
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.plain_data import to_plain
from mockidp.tenant.settings import Settings
from mockidp.tenant.snapshot import STORED, Snapshot
from mockidp.tenant.snapshot_data import keys_data, snapshot_facts, snapshot_from
from mockidp.tenant.tenant import Tenant

_logger = logging.getLogger("mockidp.disk")
_STARTED_FROM, _STARTS = "started_from", "starts"


def persist(tenant: Tenant, disk: Disk, *, private_keys: Sequence[rsa.RSAPrivateKey] = ()) -> None:
    """Let a new tenant be what a disk has kept, and keep there what changes from now on.

    Args:
        tenant: It has handed out nothing yet.
        disk: Where it is kept.
        private_keys: The keys that somebody named for it, if any: other ones than those named
            before win over what was kept.

    Raises:
        MockIdPError: What is on the disk is damaged, or cannot be written.
    """
    marks = {
        _STARTED_FROM: _fingerprints(tenant.directory.document, private_keys),
        _STARTS: _resume(tenant, disk, private_keys),
    }
    now = tenant.snapshot()
    disk.save(
        {**snapshot_facts(now), **marks},
        [(name, key, entry) for name, held in now.stores.items() for key, entry in held],
        replaced=now.stores,
    )
    tenant.transactions.write = _Writer(tenant, disk)


class _Writer:
    """Writes what a transaction changed."""

    def __init__(self, tenant: Tenant, disk: Disk) -> None:
        self._tenant = tenant
        self._disk = disk
        self._stores: Mapping[Any, str] = {store: name for name, store in tenant.stores.items()}
        self._facts: Mapping[Part, Callable[[], dict[str, Any]]] = {
            tenant: self._document_and_keys,
            tenant.clock: lambda: {"clock": to_plain(tenant.clock.setting)},
            tenant.sign_ins: lambda: {"sign_ins": to_plain(tenant.sign_ins.waiting)},
        }

    def __call__(self, changed: Changed) -> None:
        """Write the parts, or the keys of stores, that changed.

        Raises:
            ServerError: They could not be written, so the request must not be acknowledged.
        """
        facts: dict[str, Any] = {}
        entries: list[StoredEntry] = []
        replaced: list[str] = []
        for part, keys in changed.items():
            name = self._stores.get(part)
            if name is None:
                facts |= self._facts[part]()
                continue
            if keys is None:
                replaced.append(name)
            entries += _entries(name, self._tenant.stores[name], keys)
        try:
            self._disk.save(facts, entries, replaced=replaced)
        except MockIdPError as error:
            _logger.error("not kept: %s", error)  # noqa: TRY400 - the text is complete
            refused = ServerError("Internal error", hint=f"not kept: {error}")
            self._tenant.trace.refuse("persist", refused)
            raise refused from None

    def _document_and_keys(self) -> dict[str, Any]:
        document, keys, spare_keys, bewit_key = self._tenant.state()
        return {
            "document": plain(document.document),
            "keys": keys_data(keys),
            "spare_keys": keys_data(spare_keys),
            "bewit_key": bewit_key,
        }


def _entries(name: str, store: Store[Any], keys: Sequence[str] | None) -> list[StoredEntry]:
    """Return what is to be written of a store: all of it, or some keys."""
    if keys is None:
        return [(name, key, entry) for key, entry in store.entries()]
    return [(name, key, store.history(key)) for key in keys]


def _resume(tenant: Tenant, disk: Disk, private_keys: Sequence[rsa.RSAPrivateKey]) -> int:
    """Be what was kept, if anything was; return how often the tenant was started before."""
    facts, entries = disk.load()
    if not facts and not entries:
        return 0
    named, before, starts = _fingerprints(tenant.directory.document, private_keys), {}, 0
    try:
        before, starts = dict(facts.pop(_STARTED_FROM)), int(facts.pop(_STARTS)) + 1
        was = snapshot_from({**facts, "stores": _by_store(entries)})
    except (MockIdPError, KeyError, TypeError, ValueError) as error:
        raise MockIdPError(
            f"{disk.path}: what was kept there is damaged ({error}): remove it, or name another "
            "directory with --data-dir"
        ) from None
    new = {part for part, fingerprint in named.items() if before.get(part) != fingerprint}
    start = tenant.at_start
    if "keys" not in new or not private_keys:
        start = replace(start, keys=was.keys, spare_keys=was.spare_keys, bewit_key=was.bewit_key)
    tenant.at_start = start  # what a reset goes back to: the file, and the keys that apps know
    tenant.restore(_resumed(was, start, new))
    tenant.ids.begin_again(starts)
    return starts


def _resumed(was: Snapshot, start: Snapshot, new: set[str]) -> Snapshot:
    """Return what was kept, but for what the command line and its file say anew."""
    document = start.document if "document" in new else was.document
    settings = (start if "settings" in new else was).document.mockidp
    return replace(
        was,
        document=replace(document, mockidp=settings),
        keys=start.keys,
        spare_keys=start.spare_keys,
        ids=None,
    )


def _by_store(entries: Sequence[tuple[str, str, Any]]) -> dict[str, list[Any]]:
    stores: dict[str, list[Any]] = {name: [] for name in STORED}
    for store, key, entry in entries:
        stores.setdefault(store, []).append([key, entry])
    return stores


def _fingerprints(
    document: TenantDocument, private_keys: Sequence[rsa.RSAPrivateKey]
) -> dict[str, str]:
    """Return what tells what a tenant starts from apart from what it started from before."""
    moduli = [str(key.public_key().public_numbers().n) for key in private_keys]
    return {
        "document": _fingerprint(plain(replace(document, mockidp=Settings()))),
        "settings": _fingerprint(plain(document.mockidp)),
        "keys": _fingerprint(moduli),
    }


def _fingerprint(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
