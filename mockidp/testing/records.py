"""Create, read, patch and delete records of any type of resource.

A record is checked against the records that it refers to, as in a tenant file. Adding a record
replaces the one with the same key. A deletion cascades as in Auth0. The cost of an operation does
not depend on the number of records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, count
from typing import Any, TypeVar

from mockidp.codec.mistakes import ConfigError, Mistake
from mockidp.codec.shape import shape_of
from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.frozen import replace
from mockidp.protocol.merge_patch import merge_patch
from mockidp.resources.record import Record
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import Reference, ResourceType, renamed, without
from mockidp.tenant.config.leniency import leniency_after
from mockidp.tenant.config.plain import structure_resource
from mockidp.tenant.content.document import Configuration
from mockidp.tenant.state.records import ID, Records, with_id
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp
from mockidp.testing.user_changes import follow_change, follow_deletion

R = TypeVar("R", bound=Record)
_MAX_LISTED = 20


def records_of(tenant: Tenant, kind: ResourceType[R]) -> Records[R]:
    """Return the records of a type."""
    return tenant.directory.records[kind.plural]


def find(tenant: Tenant, kind: ResourceType[R], key: str) -> R:
    """Return the record with a key or a generated id.

    Raises:
        UnknownRecordError: No record has that key.
    """
    records = records_of(tenant, kind)
    found = records.get(key)
    if found is None and kind.id_prefix:
        found = next(iter(records.find(ID, key)), None)
    if found is None:
        raise UnknownRecordError(kind, key, records)
    return found


class UnknownRecordError(MockIdPError):
    """No record of a type has a key. The message lists the known keys."""

    def __init__(self, kind: ResourceType[Any], key: str, known: Iterable[str]) -> None:
        keys = list(known)
        more = [f"{len(keys) - _MAX_LISTED} more"] if len(keys) > _MAX_LISTED else []
        listed = ", ".join([*keys[:_MAX_LISTED], *more]) or "none"
        super().__init__(f"There is no {kind.title} {key!r}. Known: {listed}.")


def add(
    tenant: Tenant,
    kind: ResourceType[R],
    name: str | None,
    fields: Mapping[str, Any],
    *,
    repeats_names: bool = False,
) -> R:
    """Add a record, or replace the one with the same key.

    Args:
        tenant: The tenant.
        kind: The type.
        name: The key, or an argument of `make_key`; None for types with a generated key.
        fields: The other fields, as in a tenant file.
        repeats_names: Whether another record may have the same name, where Auth0 allows it.

    Raises:
        ConfigError: A field is unknown or has a wrong value.
    """
    data = dict(_as_in_a_file(kind, fields))
    if name is not None:
        data = {kind.key: kind.make_key(name), **kind.defaults(name, data), **data}
    if kind.has_timestamps:
        now = timestamp(tenant.now())
        data = {"created_at": now, "updated_at": now, **data}
    with tenant.backend.exclusive():
        return _write(tenant, kind, data, repeats_names=repeats_names)


def patch(tenant: Tenant, kind: ResourceType[R], key: str, fields: Mapping[str, Any]) -> R:
    """Change some fields of a record. A list is replaced, and None restores the default.

    Raises:
        UnknownRecordError: There is no such record.
        ChangedKeyError: The patch has another key.
        ConfigError: A field is unknown or has a wrong value.
    """
    with tenant.backend.exclusive():
        own_key = kind.key_of(find(tenant, kind, key))
        if fields.get(kind.key, own_key) != own_key:
            raise ChangedKeyError(kind, own_key)
        patched = _as_in_a_file(kind, fields)
        return change(tenant, kind, own_key, lambda before: merge_patch(before, patched))


def change(
    tenant: Tenant,
    kind: ResourceType[R],
    key: str,
    changed: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    repeats_names: bool = False,
) -> R:
    """Replace the fields of a record.

    Args:
        tenant: The tenant.
        kind: The type.
        key: The key of the record.
        changed: Returns the new fields for those of now, as in a tenant file.
        repeats_names: Whether another record may have the same name, where Auth0 allows it.

    Raises:
        UnknownRecordError: There is no such record.
        ConfigError: A field is unknown or has a wrong value.
    """
    with tenant.backend.exclusive():
        before = dict(to_file(find(tenant, kind, key)))
        data = changed(dict(before))
        if kind.has_timestamps and data.get("updated_at") == before.get("updated_at"):
            data["updated_at"] = timestamp(tenant.now())
        return _write(tenant, kind, data, repeats_names=repeats_names)


def rename(tenant: Tenant, kind: ResourceType[R], key: str, name: str) -> R:
    """Change the key of a record, and the name in the records that refer to it.

    Raises:
        UnknownRecordError: There is no such record.
    """
    with tenant.backend.exclusive():
        before = find(tenant, kind, key)
        old = kind.key_of(before)
        after: R = replace(before, **{kind.key: name})  # type: ignore[arg-type]
        for other, reference in _references_to(kind):
            others = records_of(tenant, other)
            for referring in others.find(reference.path, old):
                changed = renamed(referring, reference.path, old, name)
                others.store.put(other.key_of(changed), changed)
        store = records_of(tenant, kind).store
        store.delete(old)
        store.put(name, after)
        return after


class ChangedKeyError(MockIdPError):
    """A patch with another key. The key of a record does not change."""

    def __init__(self, kind: ResourceType[Any], key: str) -> None:
        self.expected = f"expected {key!r}, or no {kind.key}"
        super().__init__(f"{kind.title} {key!r}: {kind.key}: {self.expected}")


def _write(
    tenant: Tenant, kind: ResourceType[R], data: Mapping[str, Any], *, repeats_names: bool
) -> R:
    """Write a record after all checks."""
    source = f"{kind.title} {data[kind.key]!r}" if data.get(kind.key) else kind.title
    record = structure_resource(
        kind,
        data,
        source=source,
        tenant=tenant.directory,
        leniency=leniency_after(
            tenant.directory.configuration.notes, accepts_repeated_names=repeats_names
        ),
    )
    records = records_of(tenant, kind)
    same = records.same_as(record)
    if kind.id_prefix and same and not record.id:  # type: ignore[attr-defined]
        record = replace(record, id=same.id)  # type: ignore[call-arg, attr-defined]
    record = with_id(kind, record, partial(_unused_id, tenant, records))
    before = records.get(kind.key_of(record))
    if before is not None and kind.loses_names(before, record):
        _check_lost_names(tenant, kind, before, record, source)
    records.store.put(kind.key_of(record), record)
    follow_change(tenant, before, record)
    return record


def _unused_id(tenant: Tenant, records: Records[Any], prefix: str, *identity: str) -> str:
    """Return the id of a new record. A renamed record keeps the one that its old name gives."""
    further = ((str(number),) for number in count(1))
    candidates = (tenant.ids.record_id(prefix, *identity, *again) for again in chain([()], further))
    return next(made for made in candidates if not records.find(ID, made))


def _check_lost_names(
    tenant: Tenant, kind: ResourceType[R], before: R, after: R, source: str
) -> None:
    """Check that nothing refers to a name or scope that a changed record no longer has."""
    names = set(kind.names_of(before)).difference(kind.names_of(after))
    scopes = set(kind.scopes_of(before)).difference(kind.scopes_of(after))
    mistakes = [
        Mistake(
            file=source,
            path=field,
            steps=(field,),
            found=f"a change that removes {lost!r}",
            expected=f"{lost!r}, because {other.title} {other.key_of(record)!r} refers to it",
        )
        for other, reference in _references_to(kind)
        for name in kind.names_of(before)
        for record in records_of(tenant, other).find(reference.path, name)
        for lost, field in (
            (name, kind.field_of(before, name)),
            *((one, kind.scopes.partition(".")[0]) for one in reference.scopes_of(record, name)),
        )
        if lost in names or lost in scopes
    ]
    if mistakes:
        raise ConfigError(mistakes)


def _references_to(kind: ResourceType[Any]) -> Iterator[tuple[ResourceType[Any], Reference]]:
    for other in TYPES:
        for reference in other.references:
            if reference.to == kind.plural:
                yield other, reference


def remove(tenant: Tenant, kind: ResourceType[Any], key: str) -> bool:
    """Delete a record and its dependents. Return whether it existed.

    Raises:
        ConfigError: A setting of the tenant names it, such as `default_audience`.
    """
    with tenant.backend.exclusive(), tenant.backend.transaction():
        try:
            record = find(tenant, kind, key)
        except UnknownRecordError:
            return False
        _check_settings(tenant, kind, record)
        _delete(tenant, kind, record)
        return True


def _check_settings(tenant: Tenant, kind: ResourceType[Any], record: Record) -> None:
    """Check that no setting of the tenant names a record that is deleted."""
    configuration, names = tenant.directory.configuration, kind.names_of(record)
    accepted = {note.name for note in configuration.notes}
    mistakes = [
        Mistake(
            file=f"without {kind.key_of(record)!r}",
            path=reference.path,
            steps=tuple(reference.path.split(".")),
            found=f"the string {name!r}",
            expected=reference.expected,
        )
        for reference in Configuration.REFERENCES
        if reference.to == kind.plural and reference.on_delete == "refuse"
        for name in reference.values(configuration)
        if name in names and name not in accepted
    ]
    if mistakes:
        raise ConfigError(mistakes)


def _delete(tenant: Tenant, kind: ResourceType[Any], record: Record) -> None:
    """Delete a record and the references to it."""
    records = records_of(tenant, kind)
    records.store.delete(kind.key_of(record))
    follow_deletion(tenant, record)
    names = {one for one in kind.names_of(record) if not records.has_name(one)}
    for other, reference in _references_to(kind):
        others = records_of(tenant, other)
        for referring in [one for name in names for one in others.find(reference.path, name)]:
            if reference.on_delete == "delete":
                _delete(tenant, other, referring)
            else:
                changed = without(referring, reference.path, names)
                others.store.put(other.key_of(changed), changed)
    before = after = tenant.directory.configuration
    for reference in Configuration.REFERENCES:
        if reference.to == kind.plural and reference.on_delete == "remove":
            after = without(after, reference.path, names)
    if after != before:
        tenant.configure(after)


def _as_in_a_file(kind: ResourceType[Any], fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return fields by their names in a file, such as `global` for `is_global`."""
    names = {one.attribute: one.name for one in shape_of(kind.record).fields.values()}
    return {names.get(name, name): one for name, one in fields.items()}
