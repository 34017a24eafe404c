"""`RemoteIdP`: the methods of `MockIdP`, for a mock that runs elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from mockidp.clients.remote.calls import call, call_and_wait
from mockidp.clients.remote.clock import RemoteClock
from mockidp.clients.remote.control_client import ControlClient
from mockidp.clients.remote.faults import RemoteFault, RemoteFaultPlan
from mockidp.clients.remote.journal import RemoteJournal
from mockidp.clients.remote.outbox import RemoteOutbox
from mockidp.clients.remote.records import RemoteRecords
from mockidp.errors import MockIdPError
from mockidp.faults import Fault, FaultContext
from mockidp.protocol.tokens.token_exchange import Decider
from mockidp.tenant.journal.text import check_timeout
from mockidp.testing.method import Method
from mockidp.testing.methods.faults import ADD_FAULT
from mockidp.testing.signatures.tenant import TenantMethods

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

P = TypeVar("P")
A = TypeVar("A")
Q = TypeVar("Q", bound="DataclassInstance")


class RemoteIdP(RemoteRecords, TenantMethods[RemoteFault]):
    """A tenant that runs elsewhere, for example in a service container.

    Each method calls the control API, and has the same effect as that of `MockIdP`.
    """

    def __init__(
        self, url: str, *, token: str | None = None, ca_file: str | Path | None = None
    ) -> None:
        """Prepare the client. Nothing is sent yet.

        Args:
            url: The tenant's URL, such as `http://localhost:9400`, with the path prefix of an
                additional tenant.
            token: The bearer token that the mock requires (`MOCKIDP_CONTROL_TOKEN`).
            ca_file: A CA to trust for https, in addition to the system's.

        Raises:
            MockIdPError: The URL, the token or the CA cannot be used.
        """
        self._control = ControlClient(url, token=token, ca_file=ca_file)

    def close(self) -> None:
        """Close the connections. A later call opens a new one."""
        self._control.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<RemoteIdP at {self.url}>"

    @property
    def url(self) -> str:
        """The tenant's URL, without a slash at the end."""
        return self._control.url

    @property
    def issuer(self) -> str:
        """The tenant's issuer, with a slash at the end."""
        settings = self._control.get("/tenant").get("mockidp", {})
        return (settings.get("issuer") or self.url).rstrip("/") + "/"

    @property
    def faults(self) -> RemoteFaultPlan:
        """The active faults, in the order in which they were added."""
        return RemoteFaultPlan(self._control)

    @property
    def clock(self) -> RemoteClock:
        """The tenant's clock, which tests can freeze, set and advance."""
        return RemoteClock(self._control)

    @property
    def journal(self) -> RemoteJournal:
        """The last exchanges, and queries over them."""
        return RemoteJournal(self._control)

    @property
    def outbox(self) -> RemoteOutbox:
        """The e-mails and text messages that Auth0 would have sent."""
        return RemoteOutbox(self._control)

    def _call(self, method: Method[P, A], parameters: P, /) -> A:
        return call(self._control, method, parameters)

    def _call_and_wait(self, method: Method[Q, A], parameters: Q, timeout: float, /) -> A:
        check_timeout(timeout)
        return call_and_wait(self._control, method, parameters, timeout=timeout)

    def _add_fault(
        self, fault: Fault, predicate: Callable[[FaultContext], bool] | None, /
    ) -> RemoteFault:
        if predicate is not None:
            raise MockIdPError(
                "A function cannot be sent to a mock that runs elsewhere. Limit the fault with "
                "`when` by client, user, audience, grant, method or resource."
            )
        return RemoteFault(self._control, self._call(ADD_FAULT, fault))

    def _decide_with(self, profile: str, decide: Decider, /) -> None:  # noqa: ARG002 - refused
        raise MockIdPError(
            "A function cannot be sent to a mock that runs elsewhere. Add an entry for profile "
            f"{profile} to `mockidp.subject_tokens` in the tenant file."
        )
