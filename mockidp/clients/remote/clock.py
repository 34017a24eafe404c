"""The clock of a tenant that runs elsewhere."""

from __future__ import annotations

from typing import Any

from mockidp.clients.remote.calls import call
from mockidp.clients.remote.control_client import ControlClient, Refused
from mockidp.tenant.clock import Instant, check_seconds, to_text
from mockidp.testing.method import NoParameters
from mockidp.testing.methods.clock import GET_CLOCK, MOVE_CLOCK, ClockChange

_BAD_REQUEST = 400


class RemoteClock:
    """The methods of `Clock`, each as one call."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control

    def now(self) -> float:
        """Return the tenant's time in seconds since 1970."""
        return call(self._control, GET_CLOCK, NoParameters()).now

    @property
    def skew(self) -> float:
        """Seconds by which the clock that stamps `iat` and `exp` is ahead of `Date`."""
        return call(self._control, GET_CLOCK, NoParameters()).skew

    @skew.setter
    def skew(self, seconds: float) -> None:
        self._move(skew=check_seconds(seconds))

    def freeze(self, at: Instant | None = None) -> None:
        """Stop the clock, now or at a given time."""
        self._move(freeze="now" if at is None else to_text(at))

    def set(self, at: Instant) -> None:
        """Set the time. A clock that is not frozen continues from there."""
        self._move(set=to_text(at))

    def advance(self, seconds: float) -> None:
        """Advance the clock, frozen or not. A negative number turns it back."""
        self._move(advance=check_seconds(seconds))

    def offset(self, seconds: float) -> None:
        """Run the given number of seconds ahead of the machine's clock. 0 returns to its time."""
        self._move(offset=check_seconds(seconds))

    def resume(self) -> None:
        """Let a frozen clock continue from its current time."""
        self._move(resume=True)

    def __repr__(self) -> str:
        return f"<clock at {self._control.url}>"

    def _move(self, **change: Any) -> None:
        """Send a change. Raise a ValueError if the mock rejects it, as `Clock` does."""
        try:
            call(self._control, MOVE_CLOCK, ClockChange(**change))
        except Refused as refused:
            if refused.status != _BAD_REQUEST:
                raise
            raise ValueError(str(refused)) from None
