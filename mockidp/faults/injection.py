"""The points of an exchange at which faults fire; no other code fires them.

The request pipeline calls `at_endpoint` before a request is handled and `in_callback` when an
authorization response is sent; the flows call `in_token` and `in_opaque_token` when they issue one,
and `delivery` when they send a logout token.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from mockidp.faults.active import FaultHit
from mockidp.faults.change_token import change_token
from mockidp.faults.context import FaultContext
from mockidp.faults.fault import Fault
from mockidp.faults.plan import FaultPlan
from mockidp.faults.vocabulary import BACKCHANNEL_LOGOUT, CALLBACK
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import ServerError
from mockidp.protocol.errors.refusal import Refusal
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.tokens.jwt import UnsignedToken

_logger = logging.getLogger("mockidp.faults")


class _RefusalLog(Protocol):
    def __call__(self, name: str, refusal: Refusal, **compared: object) -> None: ...


class Injection(threading.local):
    """The faults of the exchange that the current thread answers.

    Args:
        plan: The faults that are active.
        note_refusal: Notes a check that failed, as `Trace.refuse` does.
    """

    def __init__(self, plan: FaultPlan, note_refusal: _RefusalLog) -> None:
        self._plan = plan
        self._note_refusal = note_refusal
        self._flaw: Fault | None = None
        self.begin()

    def begin(self) -> None:
        """Begin a new exchange. Until `at_endpoint` is called, no fault fires."""
        self.context: FaultContext | None = None
        """What is known of the exchange; None outside of one."""
        self.fired: list[str] = []
        """The names of the faults that fired."""
        self.hints: list[str] = []

    def end(self) -> None:
        """End the exchange; `fired` and `hints` stay."""
        self.context = None

    def note(self, hit: FaultHit, effect: str) -> None:
        """Note a fault that fired, and its effect."""
        self.fired.append(hit.name)
        self.hints.append(hit.hint(effect))

    def uncount(self, hit: FaultHit, why: str) -> None:
        """Undo the count of a fault that changed nothing, and say why in the hint."""
        self._plan.uncount(hit)
        self.hints.append(hit.hint(why, verb="had no effect"))

    @contextmanager
    def flaw(self, fault: Fault | None) -> Iterator[None]:
        """Apply a fault to the tokens that are issued inside: a test asked for a bad token."""
        self._flaw = fault
        try:
            yield
        finally:
            self._flaw = None

    def at_endpoint(self, context: FaultContext) -> tuple[FaultHit, ...]:
        """Return the faults that fire at an endpoint. From here on, others may fire, too.

        Raises:
            ServerError: The predicate of a fault has raised.
        """
        self.context = context
        return self._fire(context, at_endpoint=True)

    @contextmanager
    def delivery(self, *, client: str, user: str) -> Iterator[tuple[FaultHit, ...]]:
        """Return the faults that fire when a logout token is delivered.

        Inside the block faults of tokens fire, too, even if no exchange has begun.

        Raises:
            ServerError: The predicate of a fault has raised.
        """
        before = self.context
        context = before or FaultContext(endpoint=BACKCHANNEL_LOGOUT)
        self.context = replace(
            context, endpoint=BACKCHANNEL_LOGOUT, client=client, user=user, audience=None
        )
        try:
            yield self._fire(self.context)
        finally:
            self.context = before

    def in_callback(
        self, response: AuthorizationResponse, *, client: str | None, user: str | None
    ) -> AuthorizationResponse:
        """Return an authorization response as the faults of the callback change it."""
        for hit in self._fire_at(CALLBACK, client=client, user=user):
            from mockidp.faults.change_callback import change_callback  # noqa: PLC0415 - most mocks have no faults

            response = change_callback(hit.fault, response, FaultContext(endpoint=CALLBACK))
            self.note(hit, "the parameters for the callback were changed")
        return response

    def in_token(
        self,
        token: UnsignedToken,
        *,
        kind: str,
        now: float,
        client: str,
        user: str | None,
        audience: str | None,
    ) -> UnsignedToken:
        """Return a token as the faults of its kind change it, before it is signed."""
        for hit in self._fire_at(kind, client=client, user=user, audience=audience):
            before, token = token, change_token(token, hit.fault, now=now)
            if token == before:
                self.uncount(hit, f"the {kind} has nothing that this fault changes")
            else:
                self.note(hit, f"the {kind} was changed")
        return token if self._flaw is None else change_token(token, self._flaw, now=now)

    def in_opaque_token(self, *, client: str, user: str) -> None:
        """Say in the hint which faults of access tokens do nothing to an opaque one."""
        if self.context is None:
            return
        context = replace(self.context, endpoint="access_token", client=client, user=user)
        for name in self._plan.waiting_for(context):
            self.hints.append(
                f"Fault `{name}` did not fire: the access token is opaque and has no claims. "
                "Request an API's audience."
            )

    def _fire_at(
        self,
        point: str,
        *,
        client: str | None = None,
        user: str | None = None,
        audience: str | None = None,
    ) -> tuple[FaultHit, ...]:
        """Return the faults that fire at a point of the exchange; none fires outside of one.

        Facts that are not given are those of the request.
        """
        if self.context is None:
            return ()
        context = replace(
            self.context,
            endpoint=point,
            client=client or self.context.client,
            user=user or self.context.user,
            audience=audience or self.context.audience,
        )
        return self._fire(context)

    def _fire(self, context: FaultContext, *, at_endpoint: bool = False) -> tuple[FaultHit, ...]:
        try:
            return self._plan.fire(context, at_endpoint=at_endpoint)
        except Exception as error:
            _logger.exception("the predicate of a fault at %s has raised", context.endpoint)
            raised = f"{type(error).__name__}: {error}"
            refusal = ServerError(
                "Internal error",
                hint=f"The function given as `when` to a fault raised {raised}. See the log.",
            )
            self._note_refusal("fault", refusal, endpoint=context.endpoint)
            raise refusal from error
