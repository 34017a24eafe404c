"""A local identity provider for tests that behaves like an Auth0 tenant.

PYTEST_DONT_REWRITE: nothing is asserted here, and a warning filter that names `mockidp` on pytest's
command line imports this before the plugin.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockidp.clients.interception import intercept
    from mockidp.clients.remote.idp import RemoteIdP
    from mockidp.errors import MockIdPError, UnfiredFaultWarning
    from mockidp.faults import ActiveFault, FaultContext
    from mockidp.idp import MockIdP
    from mockidp.protocol.tokens.custom_claim import CustomClaim
    from mockidp.protocol.tokens.token_exchange import TokenExchange
    from mockidp.resources.client import Client
    from mockidp.resources.resource_server import ResourceServer
    from mockidp.resources.user import User
    from mockidp.tenant.clock import Clock
    from mockidp.tenant.journal.entry import JournalEntry
    from mockidp.tenant.journal.journal import Journal
    from mockidp.tenant.state.snapshot import Snapshot
    from mockidp.testing.methods.explain import Explanation
    from mockidp.testing.software_authenticator import SoftwareAuthenticator

__all__ = [
    "ActiveFault",
    "Client",
    "Clock",
    "CustomClaim",
    "Explanation",
    "FaultContext",
    "Journal",
    "JournalEntry",
    "MockIdP",
    "MockIdPError",
    "RemoteIdP",
    "ResourceServer",
    "Snapshot",
    "SoftwareAuthenticator",
    "TokenExchange",
    "UnfiredFaultWarning",
    "User",
    "intercept",
]

_MODULES = {
    "ActiveFault": "mockidp.faults",
    "Client": "mockidp.resources.client",
    "Clock": "mockidp.tenant.clock",
    "CustomClaim": "mockidp.protocol.tokens.custom_claim",
    "Explanation": "mockidp.testing.methods.explain",
    "Journal": "mockidp.tenant.journal.journal",
    "JournalEntry": "mockidp.tenant.journal.entry",
    "MockIdP": "mockidp.idp",
    "MockIdPError": "mockidp.errors",
    "FaultContext": "mockidp.faults",
    "RemoteIdP": "mockidp.clients.remote.idp",
    "ResourceServer": "mockidp.resources.resource_server",
    "Snapshot": "mockidp.tenant.state.snapshot",
    "SoftwareAuthenticator": "mockidp.testing.software_authenticator",
    "TokenExchange": "mockidp.protocol.tokens.token_exchange",
    "UnfiredFaultWarning": "mockidp.errors",
    "User": "mockidp.resources.user",
    "intercept": "mockidp.clients.interception",
}

if not TYPE_CHECKING:  # pragma: no branch - type checkers would accept any name

    def __getattr__(name: str) -> object:
        """Import a public name on first use: the package itself imports nothing."""
        if name not in _MODULES:
            raise AttributeError(f"module 'mockidp' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULES[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
