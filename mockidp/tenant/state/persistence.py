"""A tenant whose state survives a restart, as with `serve --persist`.

If the tenant file or the settings have changed since the state was written, they replace what was
changed at run time; sessions, tokens and keys stay. Faults, the journal and additional tenants are
not saved.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.data_dir import make_data_dir
from mockidp.errors import MockIdPError
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import ServerError
from mockidp.storage.single_value import SingleValue
from mockidp.storage.sqlite import SqliteBackend
from mockidp.storage.state_file import FILE, describe_failure
from mockidp.storage.store import StoreSpec
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.state.stored import Start, encodings, fingerprints
from mockidp.tenant.tenant import Tenant

_logger = logging.getLogger("mockidp.storage")


_START = StoreSpec[Start | None](name="start")
_ALWAYS_KEPT = frozenset(("clock", "configuration", "sign_ins", "signing", "start"))


def persistent_tenant(
    directory: Path,
    document: TenantDocument = ZERO_CONFIG,
    *,
    seed: int | str | None = None,
    private_keys: Sequence[rsa.RSAPrivateKey] = (),
) -> Tenant:
    """Return the tenant that is saved in a data directory, or save a new one there.

    Close its backend to release the directory.

    Args:
        directory: The data directory.
        document: The content of the tenant file.
        seed: As for `Tenant`.
        private_keys: The configured keys, if any. If they differ from those of the last start, they
            replace the saved keys.

    Raises:
        MockIdPError: The state is damaged, or cannot be written.
    """
    try:
        make_data_dir(directory)
    except OSError as error:
        raise MockIdPError(describe_failure(directory / FILE, error)) from None
    backend = SqliteBackend(directory, encodings())
    try:
        tenant = Tenant(document, seed=seed, private_keys=private_keys, backend=backend)
        _start(tenant, backend, private_keys)
    except MockIdPError:
        backend.close()
        raise
    backend.refusal = partial(_refusal, tenant)
    return tenant


def _start(
    tenant: Tenant, backend: SqliteBackend, private_keys: Sequence[rsa.RSAPrivateKey]
) -> None:
    """Continue with the saved state, and apply changes of file, settings and keys."""
    kept = SingleValue[Start | None](backend.store(_START, tenant.now), None)
    before, now = kept.value, fingerprints(tenant.at_start.document, private_keys)
    if backend.unopened:
        raise backend.damaged(f"unknown stores: {', '.join(backend.unopened)}")
    if backend.found and (missing := _ALWAYS_KEPT - backend.found):
        raise backend.damaged(f"missing stores: {', '.join(sorted(missing))}")
    with backend.transaction():
        if before is None:
            tenant.restore(tenant.at_start)
        else:
            now = replace(now, starts=before.starts + 1)
            _resume(tenant, before, now, has_keys=bool(private_keys))
        kept.set(now)
    if now.starts:
        tenant.ids.begin_again(now.starts)


def _resume(tenant: Tenant, before: Start, now: Start, *, has_keys: bool) -> None:
    """Apply changes of file, settings and keys, and write nothing else."""
    was, start = tenant.snapshot(), tenant.at_start
    if before.keys == now.keys or not has_keys:
        start = replace(start, keys=was.keys, spare_keys=was.spare_keys, bewit_key=was.bewit_key)
    else:
        tenant.restore_keys(start)
    tenant.at_start = start  # a reset restores the file, with the keys that apps have cached
    if (before.document, before.settings) != (now.document, now.settings):
        document = was.document if before.document == now.document else start.document
        settings = (was if before.settings == now.settings else start).document.mockidp
        tenant.change(replace(document, mockidp=settings))


def _refusal(tenant: Tenant, error: MockIdPError) -> ServerError:
    """Return the refusal of a request whose changes could not be written."""
    hint = f"The changes of the request could not be saved. {error}"
    _logger.error(hint)
    refused = ServerError("Internal error", hint=hint)
    tenant.trace.refuse("persist", refused)
    return refused
