"""A local identity provider for tests that behaves like an Auth0 tenant.

PYTEST_DONT_REWRITE: nothing is asserted here, and a warning filter that names `mockidp` on pytest's
command line imports this before the plugin.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockidp.errors import MockIdPError, UnfiredFaultWarning
    from mockidp.flows.testing.explain import Explanation
    from mockidp.idp import MockIdP
    from mockidp.interception import intercept
    from mockidp.protocol.client import Client
    from mockidp.protocol.custom_claim import CustomClaim
    from mockidp.protocol.resource_server import ResourceServer
    from mockidp.protocol.user import User
    from mockidp.remote.idp import RemoteIdP
    from mockidp.tenant.clock import Clock
    from mockidp.tenant.faults import ActiveFault, Occasion
    from mockidp.tenant.journal import Journal, JournalEntry
    from mockidp.tenant.snapshot import Snapshot

__all__ = [
    "ActiveFault",
    "Client",
    "Clock",
    "CustomClaim",
    "Explanation",
    "Journal",
    "JournalEntry",
    "MockIdP",
    "MockIdPError",
    "Occasion",
    "RemoteIdP",
    "ResourceServer",
    "Snapshot",
    "UnfiredFaultWarning",
    "User",
    "intercept",
]

_WHERE = {
    "ActiveFault": "mockidp.tenant.faults",
    "Client": "mockidp.protocol.client",
    "Clock": "mockidp.tenant.clock",
    "CustomClaim": "mockidp.protocol.custom_claim",
    "Explanation": "mockidp.flows.testing.explain",
    "Journal": "mockidp.tenant.journal",
    "JournalEntry": "mockidp.tenant.journal",
    "MockIdP": "mockidp.idp",
    "MockIdPError": "mockidp.errors",
    "Occasion": "mockidp.tenant.faults",
    "RemoteIdP": "mockidp.remote.idp",
    "ResourceServer": "mockidp.protocol.resource_server",
    "Snapshot": "mockidp.tenant.snapshot",
    "UnfiredFaultWarning": "mockidp.errors",
    "User": "mockidp.protocol.user",
    "intercept": "mockidp.interception",
}

if not TYPE_CHECKING:  # pragma: no branch - a checker would take any name to be there

    def __getattr__(name: str) -> object:
        """Import a public name when it is first asked for: the package itself imports nothing."""
        if name not in _WHERE:
            raise AttributeError(f"module 'mockidp' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_WHERE[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
