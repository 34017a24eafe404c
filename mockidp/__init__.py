"""A local identity provider for tests that behaves like an Auth0 tenant."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockidp.errors import MockIdPError, UnfiredFaultWarning
    from mockidp.idp import MockIdP

__all__ = ["MockIdP", "MockIdPError", "UnfiredFaultWarning"]

_WHERE = {
    "MockIdP": "mockidp.idp",
    "MockIdPError": "mockidp.errors",
    "UnfiredFaultWarning": "mockidp.errors",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the package itself imports nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module 'mockidp' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
