"""What a reader accepts with a note instead of refusing it."""

from __future__ import annotations

from collections.abc import Callable

from mockidp.codec.mistakes import Path
from mockidp.frozen import frozen


@frozen(kw_only=False)
class Leniency:
    """What is accepted with a note. The functions get the most similar known word, or None."""

    accepts_name: Callable[[str, str | None], bool]
    """Whether a reference may name something that the tenant does not have."""
    accepts_key: Callable[[Path, str | None], bool]
    """Whether a key may be unknown."""
    accepts_url: Callable[[str], bool]
    """Whether a URL list may have an entry that Auth0 stores and never matches."""
    accepts_repeated_names: bool = False
    """Whether two records of a type may have a name that Auth0 does not require to be unique."""
    skips_empty_sections: bool = False
    """Whether a section may be null, as the Deploy CLI writes one that it could not read."""


STRICT = Leniency(
    accepts_name=lambda _name, _near: False,
    accepts_key=lambda _path, _near: False,
    accepts_url=lambda _url: False,
)
