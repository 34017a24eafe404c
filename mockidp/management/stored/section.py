"""Sections of the tenant file as the Management API reads and writes them.

A section that mockidp acts on is a field of `Configuration`, and is read and checked as in a file.
All others are in `Configuration.extra`, as they were sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from mockidp.codec.mistakes import ConfigError, Path
from mockidp.codec.shape import shape_of
from mockidp.codec.write import to_file
from mockidp.frozen import frozen, replace
from mockidp.management.body import checked_values
from mockidp.management.operation import Call
from mockidp.tenant.config.leniency import leniency_after
from mockidp.tenant.config.plain import structure_part
from mockidp.tenant.content.document import Configuration
from mockidp.tenant.tenant import Tenant


def read_section(tenant: Tenant, section: str) -> Any:
    """Return a section as a tenant file has it; None if it is absent."""
    configuration = tenant.directory.configuration
    known = shape_of(Configuration).fields.get(section)
    if known is None:
        return configuration.extra.get(section)
    return to_file(getattr(configuration, known.attribute))


def replace_section(call: Call, section: str, value: Any, *, at: Path = ()) -> None:
    """Replace a section; None removes it. A hint says which part of it has no effect here.

    Args:
        call: The call.
        section: The name of the section.
        value: Its value, as in a tenant file.
        at: Where the body of the call is in the section, so that a refusal names the property.

    Raises:
        ApiRefusal: The value is not valid.
    """
    tenant = call.tenant
    configuration = tenant.directory.configuration
    with checked_values(call):
        try:
            read = structure_part(
                {section: value},
                source=section,
                tenant=tenant.directory,
                leniency=leniency_after(configuration.notes),
            )
        except ConfigError as error:
            inner = (one.within((section, *at)) for one in error.mistakes)
            raise ConfigError(inner, more=error.more) from None
    known = shape_of(Configuration).fields.get(section)
    if known is None:
        extra = {name: one for name, one in configuration.extra.items() if name != section}
        kept = {} if value is None else {section: value}
        changed: dict[str, Any] = {"extra": {**extra, **kept}}
    else:
        changed = {known.attribute: getattr(read, known.attribute)}
    tenant.configure(replace(configuration, **changed))
    written = ".".join((section, *(one for one in at if isinstance(one, str))))
    for path, text in read.differs:
        if _overlap(path, written):
            tenant.trace.advise(f"`{path}` is stored, but has no effect here: {text}.")


def _overlap(one: str, other: str) -> bool:
    """Return whether a path is another one, or one of them leads into the other."""
    shorter, longer = sorted((f"{one}.", f"{other}."), key=len)
    return longer.startswith(shorter)


class SectionPlace(Protocol):
    """Where an object is in the tenant file."""

    def read(self, tenant: Tenant) -> Mapping[str, Any] | None:
        """Return the object; None if it is absent."""

    def write(self, call: Call, value: Mapping[str, Any] | None) -> None:
        """Replace the object; None removes it."""


@frozen(kw_only=False)
class Inside:
    """An object in a section, such as `attackProtection.captcha`, or the section itself.

    Attributes:
        section: The section.
        steps: The keys on the way to the object.
    """

    section: str
    steps: tuple[str, ...] = ()

    def read(self, tenant: Tenant) -> Mapping[str, Any] | None:
        """Return the object; None if it is absent."""
        value = _look_up(read_section(tenant, self.section), self.steps)
        return value if isinstance(value, Mapping) else None

    def write(self, call: Call, value: Mapping[str, Any] | None) -> None:
        """Replace the object; None removes it."""
        held = read_section(call.tenant, self.section)
        after = _with(held if isinstance(held, Mapping) else {}, self.steps, value)
        replace_section(call, self.section, after, at=self.steps)


def _look_up(value: Any, steps: tuple[str, ...]) -> Any:
    """Return the value at some steps; None if they lead nowhere."""
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _with(held: Mapping[str, Any], steps: tuple[str, ...], value: Any) -> Any:
    """Return an object with another value at some steps. It has no empty values there."""
    if not steps:
        return value
    first, *rest = steps
    inner = held.get(first)
    after = _with(inner if isinstance(inner, Mapping) else {}, tuple(rest), value)
    if not after:
        return {name: one for name, one in held.items() if name != first}
    return {**held, first: after}


@frozen(kw_only=False)
class SectionEntry:
    """An object in the list of a section, such as the one with `name: sms`.

    Attributes:
        section: The section.
        known: The members by which it is found. The Management API does not show them.
        steps: The keys on the way to the list; none if it is the section itself.
    """

    section: str
    known: Mapping[str, Any]
    steps: tuple[str, ...] = ()

    def read(self, tenant: Tenant) -> Mapping[str, Any] | None:
        """Return the object without the members by which it is found; None if it is absent."""
        found = next(filter(self._is_it, read_list(tenant, self.section, self.steps)), None)
        if found is None:
            return None
        return {name: one for name, one in found.items() if name not in self.known}

    def write(self, call: Call, value: Mapping[str, Any] | None) -> None:
        """Replace the object; None removes it."""
        entries = read_list(call.tenant, self.section, self.steps)
        position = next(
            (index for index, one in enumerate(entries) if self._is_it(one)), len(entries)
        )
        after = [] if value is None else [{**self.known, **value}]
        entries = [*entries[:position], *after, *entries[position + 1 :]]
        held = read_section(call.tenant, self.section) if self.steps else {}
        whole = _with(held if isinstance(held, Mapping) else {}, self.steps, entries)
        replace_section(call, self.section, whole, at=(*self.steps, position))

    def _is_it(self, entry: Mapping[str, Any]) -> bool:
        return all(entry.get(name) == value for name, value in self.known.items())


def read_list(tenant: Tenant, section: str, steps: tuple[str, ...] = ()) -> list[Mapping[str, Any]]:
    """Return the objects in a list: the section itself, or one at some steps in it."""
    held = _look_up(read_section(tenant, section), steps)
    return [one for one in held if isinstance(one, Mapping)] if isinstance(held, list) else []
