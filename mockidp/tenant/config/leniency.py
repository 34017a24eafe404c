"""Whether an unknown name or field in a tenant is a mistake, or only a note.

An export of the Deploy CLI may be partial, so that it refers to clients, APIs and databases that it
does not contain, and it may have fields that Auth0 added later. In a file written by hand both are
typing errors. The client ids distinguish an export from such a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mockidp.codec.leniency import Leniency
from mockidp.codec.mistakes import Path
from mockidp.codec.node import Node
from mockidp.codec.notes import Note
from mockidp.tenant.config.exported import client_ids

OWN_SECTIONS = ("users", "mockidp")
"""The sections that no export contains."""

_GENERATED_ID = re.compile(r"[A-Za-z0-9]{32}")
"""The format of Auth0's client ids."""
_TYPING_ERROR = 0.85


def _is_no_typing_error(path: Path, near: str | None) -> bool:
    from difflib import SequenceMatcher  # noqa: PLC0415 - only errors need it

    ratio = SequenceMatcher(None, str(path[-1]), near or "").ratio()
    return path[0] not in OWN_SECTIONS and ratio < _TYPING_ERROR


BY_HAND = Leniency(
    accepts_name=lambda name, near: near is None or _is_generated(name),
    accepts_key=lambda _path, _near: False,
    accepts_url=lambda _url: False,
)
EXPORT = Leniency(
    accepts_name=lambda _name, _near: True,
    accepts_key=_is_no_typing_error,
    accepts_url=lambda _url: True,
    skips_empty_sections=True,
)
LOADED = Leniency(
    accepts_name=lambda _name, _near: True,
    accepts_key=lambda path, _near: len(path) > 1 and path[0] not in OWN_SECTIONS,
    accepts_url=lambda _url: True,
)
"""For data that was loaded before, such as a snapshot. It has no unknown sections."""


def leniency_for(root: Node) -> Leniency:
    """Return the leniency for a file. Clients in an export have no ids, or ids from Auth0."""
    is_export = any(not one or _is_generated(one) for one in client_ids(root))
    return EXPORT if is_export else BY_HAND


def leniency_after(notes: Iterable[Note], *, accepts_repeated_names: bool = False) -> Leniency:
    """Return the leniency for a change to a tenant that was loaded with these notes."""
    names = {note.name for note in notes}
    return Leniency(
        accepts_name=lambda name, _near: name in names,
        accepts_key=lambda path, _near: path[-1] in names,
        accepts_url=lambda url: url in names,
        accepts_repeated_names=accepts_repeated_names,
    )


def _is_generated(client_id: str) -> bool:
    return _GENERATED_ID.fullmatch(client_id) is not None
