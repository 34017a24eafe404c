"""A tenant of one's own at a mock that runs elsewhere: made for a test run, and thrown away."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Unpack

from mockidp.errors import MockIdPError
from mockidp.flows.testing.words import FaultWords, Place, WhenFields
from mockidp.remote.control_client import ControlClient, escaped
from mockidp.remote.faults import RemoteFault, RemoteFaultPlan
from mockidp.remote.idp import RemoteIdP
from mockidp.tenant.config.plain import plain
from mockidp.tenant.faults import Occasion
from mockidp.tenant.snapshot_data import snapshot_data
from mockidp.tenant.source import TenantSource, load_document
from mockidp.tenant.tenant import Tenant


class DisposableIdP(RemoteIdP):
    """A tenant beside the first of a mock; which of its faults never fired is remembered."""

    is_served = True
    """It runs elsewhere, and is neither started nor stopped here."""

    def __init__(self, url: str, source: TenantSource | None = None) -> None:
        """Make the tenant.

        Args:
            url: Where the mock is.
            source: What the tenant is made of; by default it is like the mock's first.

        Raises:
            MockIdPError: No mock is there, it refuses, or the source has mistakes.
        """
        self._first = ControlClient(url)
        made = self._first.post("/tenants", _described(source), wanted="url")
        super().__init__(made["url"])
        self._name: str = made["name"]
        self._asked_for: list[RemoteFault] = []

    def delete(self) -> None:
        """Throw the tenant away; one that is gone already, with its mock or not, is no matter."""
        with suppress(MockIdPError):
            self._first.call("DELETE", f"/tenants/{escaped(self._name)}")
        self._first.close()
        self.close()

    def fault(
        self,
        where: Place,
        *,
        when: WhenFields | Callable[[Occasion], bool] | None = None,
        **words: Unpack[FaultWords],
    ) -> RemoteFault:
        """Let something go wrong from now on: as `RemoteIdP.fault`."""
        made = super().fault(where, when=when, **words)
        self._asked_for.append(made)
        return made

    @property
    def faults(self) -> WatchedFaultPlan:
        """The faults that are not cancelled, and those that never fired."""
        return WatchedFaultPlan(self._control, self._asked_for)

    def reset(self) -> None:
        """Be as at the start: as `RemoteIdP.reset`."""
        super().reset()
        self._asked_for.clear()


class WatchedFaultPlan(RemoteFaultPlan):
    """A plan that remembers what was asked for here."""

    def __init__(self, control: ControlClient, asked_for: list[RemoteFault]) -> None:
        super().__init__(control)
        self._asked_for = asked_for

    @property
    def unfired(self) -> tuple[RemoteFault, ...]:
        """A test's faults that have spoiled nothing so far, cancelled ones, too."""
        return tuple(one for one in self._asked_for if not one.fired)

    def clear(self) -> None:
        """Take all faults out, and forget those that were."""
        super().clear()
        self._asked_for.clear()


def _described(source: TenantSource | None) -> dict[str, Any]:
    if source is None:
        return {}
    if isinstance(source, Tenant):
        return {"snapshot": snapshot_data(source.snapshot())}
    return {"tenant": plain(load_document(source))}
