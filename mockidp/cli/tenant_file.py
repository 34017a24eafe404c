"""Read the argument FILE of commands: a tenant file, an exported directory, or standard input."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockidp.tenant.config.load import Review
    from mockidp.tenant.content.document import TenantDocument

_STDIN = "-"


def name_of(file: Path) -> str:
    """Return the name of a file in messages."""
    return "<stdin>" if str(file) == _STDIN else str(file)


def load_file(
    file: Path, placeholders: Mapping[str, str], *, review: Review | None = None
) -> TenantDocument:
    """Read a tenant; `-` is standard input.

    Raises:
        ConfigError: It cannot be read or has mistakes. The error contains all of them.
    """
    from mockidp.tenant.config.load import load_tenant, read_tenant

    if str(file) != _STDIN:
        return load_tenant(file, placeholders=placeholders, review=review)
    return read_tenant(
        sys.stdin.buffer, source=name_of(file), placeholders=placeholders, review=review
    )
