"""How the stores of a tenant are written, and what a later start compares."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.codec.notes import Note
from mockidp.codec.wire import from_wire
from mockidp.codec.write import to_file, to_wire
from mockidp.faults.active import PlanState
from mockidp.faults.counts import FaultCount
from mockidp.frozen import frozen, replace
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import ResourceType
from mockidp.storage.encoding import Encoding
from mockidp.tenant.additional import TenantName
from mockidp.tenant.clock import ClockSetting
from mockidp.tenant.config.leniency import LOADED
from mockidp.tenant.config.plain import structure_record
from mockidp.tenant.content.document import Configuration, TenantDocument
from mockidp.tenant.content.settings import Settings
from mockidp.tenant.ids import IdsState
from mockidp.tenant.keys.data import signing_data, signing_from
from mockidp.tenant.state.sign_ins import SignIn
from mockidp.tenant.state.snapshot_data import check_clock, snapshot_data, snapshot_from
from mockidp.tenant.state.stores import record_classes


@frozen
class Start:
    """Fingerprints of what a tenant was started with, and the number of earlier starts."""

    document: str
    settings: str
    keys: str
    starts: int = 0


def _record(kind: Any) -> Encoding:
    return Encoding(encode=to_wire, decode=partial(from_wire, kind))


_WRITTEN = replace(LOADED, accepts_key=lambda _path, _near: True)
"""For records that mockidp has written: those of an export may have unknown fields."""


@frozen
class _StoredConfiguration:
    """A configuration: its sections in a tenant file, and what is not in a file."""

    sections: Mapping[str, Any]
    not_acted_on: tuple[str, ...]
    made_up: tuple[str, ...]
    notes: tuple[Note, ...]
    differs: tuple[tuple[str, str], ...]


def _configuration_data(configuration: Configuration) -> Any:
    return to_wire(
        _StoredConfiguration(
            sections=to_file(configuration),
            not_acted_on=configuration.not_acted_on,
            made_up=configuration.made_up,
            notes=configuration.notes,
            differs=configuration.differs,
        )
    )


def _configuration_from(data: Any) -> Configuration:
    """Return a configuration. Its references to records, which are in other stores, are valid."""
    stored = from_wire(_StoredConfiguration, data)
    return replace(
        structure_record(Configuration, stored.sections, source="configuration", leniency=_WRITTEN),
        not_acted_on=stored.not_acted_on,
        made_up=stored.made_up,
        notes=stored.notes,
        differs=stored.differs,
    )


_SIGNING = Encoding(encode=signing_data, decode=signing_from)
_ENCODINGS: Mapping[str, Encoding] = {
    **{name: _record(kind) for name, kind in record_classes().items()},
    "ids": _record(IdsState),
    "clock": Encoding(
        encode=to_wire, decode=lambda data: check_clock(from_wire(ClockSetting, data))
    ),
    "sign_ins": _record(tuple[SignIn, ...]),
    "start": _record(Start),
    "tenants": _record(TenantName),
    "at_start": Encoding(encode=snapshot_data, decode=snapshot_from),
    "fault_plan": _record(PlanState),
    "fault_counts": _record(FaultCount),
    "configuration": Encoding(encode=_configuration_data, decode=_configuration_from),
    "signing": _SIGNING,
    "start_signing": _SIGNING,
}


def encodings() -> Mapping[str, Encoding]:
    """Return the encodings of all stores, including those of resource types."""
    return {**_ENCODINGS, **{kind.plural: _resource(kind) for kind in TYPES}}


def _resource(kind: ResourceType[Any]) -> Encoding:
    return Encoding(
        encode=to_file,
        decode=partial(structure_record, kind.record, source=kind.plural, leniency=_WRITTEN),
    )


def fingerprints(document: TenantDocument, private_keys: Sequence[rsa.RSAPrivateKey]) -> Start:
    """Return fingerprints, so that the next start finds changes of file, settings and keys."""
    return Start(
        document=_fingerprint(to_file(replace(document, mockidp=Settings()))),
        settings=_fingerprint(to_file(document.mockidp)),
        keys=fingerprint_of_keys(private_keys),
    )


def fingerprint_of_keys(private_keys: Sequence[rsa.RSAPrivateKey]) -> str:
    """Return the fingerprint of the public keys, in their order."""
    return _fingerprint([str(key.public_key().public_numbers().n) for key in private_keys])


def _fingerprint(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
