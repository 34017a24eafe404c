"""A tenant whose state survives a restart, as with `serve --persist`.

If the tenant file or the settings have changed since the state was written, they replace what was
changed at run time; sessions, tokens and keys stay. Faults, the journal and additional tenants are
not saved.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.codec.wire import from_wire
from mockidp.codec.write import to_file, to_wire
from mockidp.data_dir import make_data_dir
from mockidp.errors import MockIdPError
from mockidp.protocol.oauth_error import ServerError
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import ResourceType
from mockidp.storage.single_value import SingleValue
from mockidp.storage.sqlite import Encoding, SqliteBackend
from mockidp.storage.state_file import FILE, describe_failure
from mockidp.storage.store import StoreSpec
from mockidp.tenant.clock import ClockSetting
from mockidp.tenant.config.leniency import LOADED
from mockidp.tenant.config.plain import structure_record
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.settings import Settings
from mockidp.tenant.sign_ins import SignIn
from mockidp.tenant.signing_data import signing_data, signing_from
from mockidp.tenant.snapshot_data import check_clock, document_from
from mockidp.tenant.stores import KINDS
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.zero_config import ZERO_CONFIG

_logger = logging.getLogger("mockidp.storage")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Start:
    """Fingerprints of what a tenant was started with, and the number of earlier starts."""

    document: str
    settings: str
    keys: str
    starts: int = 0


_START = StoreSpec[_Start | None](name="start")
_ALWAYS_KEPT = frozenset(("clock", "configuration", "sign_ins", "signing", "start"))


def _record(kind: Any) -> Encoding:
    return Encoding(encode=to_wire, decode=partial(from_wire, kind))


_ENCODINGS: Mapping[str, Encoding] = {
    **{name: _record(kind) for name, (kind, _) in KINDS.items()},
    "clock": Encoding(
        encode=to_wire, decode=lambda data: check_clock(from_wire(ClockSetting, data))
    ),
    "sign_ins": _record(tuple[SignIn, ...]),
    "start": _record(_Start),
    "configuration": Encoding(
        encode=to_file, decode=lambda data: document_from(data).configuration
    ),
    "signing": Encoding(encode=signing_data, decode=signing_from),
}


def _encodings() -> Mapping[str, Encoding]:
    """Return the encodings of all stores, including those of resource types."""
    return {**_ENCODINGS, **{kind.plural: _resource(kind) for kind in TYPES}}


def _resource(kind: ResourceType[Any]) -> Encoding:
    return Encoding(
        encode=to_file,
        decode=partial(structure_record, kind.record, source=kind.plural, leniency=LOADED),
    )


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
    backend = SqliteBackend(directory, _encodings())
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
    kept = SingleValue[_Start | None](backend.store(_START, tenant.now), None)
    before, now = kept.value, _fingerprints(tenant.at_start.document, private_keys)
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


def _resume(tenant: Tenant, before: _Start, now: _Start, *, has_keys: bool) -> None:
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


def _fingerprints(document: TenantDocument, private_keys: Sequence[rsa.RSAPrivateKey]) -> _Start:
    """Return fingerprints, so that the next start finds changes of file, settings and keys."""
    moduli = [str(key.public_key().public_numbers().n) for key in private_keys]
    return _Start(
        document=_fingerprint(to_file(replace(document, mockidp=Settings()))),
        settings=_fingerprint(to_file(document.mockidp)),
        keys=_fingerprint(moduli),
    )


def _fingerprint(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
