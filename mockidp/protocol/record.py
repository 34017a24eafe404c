"""What every record of a tenant has in common: Auth0's field names, and room for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A resource in Auth0's own shape: replaced, never changed.

    A field of Auth0's that the mock does not act on is named in `NOT_ACTED_ON`; its value is
    kept in `extra` and echoed. A field's name in a tenant file is the attribute's, unless its
    metadata has another under `name`.
    """

    NOT_ACTED_ON: ClassVar[frozenset[str]] = frozenset()
    KEEPS_ANYTHING: ClassVar[bool] = False
    """Whether any other key is kept too, where Auth0's own list is open."""

    extra: Mapping[str, Any] = field(default_factory=dict)
