"""A tenant whose state survives a restart: what `serve --persist` does.

Where the tenant file says something else than when it was kept, the file wins over the users,
clients and APIs that were there; sessions, tokens and keys stay. Faults and the journal are not
kept.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace
from functools import partial
from typing import Any

from mockidp.tenant.config.plain import plain
from mockidp.tenant.disk import Disk
from mockidp.tenant.snapshot_data import snapshot_data, snapshot_facts, snapshot_from
from mockidp.tenant.tenant import Tenant


def persist(tenant: Tenant, disk: Disk) -> None:
    """Let a new tenant be what a disk has kept, and keep there what changes from now on.

    Raises:
        MockIdPError: What is on the disk is damaged.
    """
    document = tenant.directory.document
    in_file, starts = _fingerprint(plain(document)), 0
    kept = disk.load()
    if kept is not None:
        file, starts = kept.pop("file"), kept.pop("starts") + 1
        was = snapshot_from(kept)
        tenant.restore(
            replace(was, document=was.document if file == in_file else document, ids=None)
        )
        tenant.ids.begin_again(starts)
    keeping = threading.Lock()

    def keep_all() -> None:
        with keeping:
            data = snapshot_data(tenant.snapshot())
            disk.save({**data, "file": in_file, "starts": starts})

    def keep_facts() -> None:
        with keeping:  # so that an older state is never written over a newer one
            disk.save_facts(snapshot_facts(tenant.snapshot()))

    keep_all()
    for name, store in tenant.stores.items():
        store.on_change = partial(disk.save_entry, name)
    tenant.on_change = tenant.clock.on_change = tenant.sign_ins.on_change = keep_facts
    tenant.on_restore = keep_all


def _fingerprint(document: Any) -> str:
    """Return what tells one tenant file's content from another's."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
