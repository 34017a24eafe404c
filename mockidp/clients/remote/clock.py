"""The clock of a tenant that runs elsewhere."""

from __future__ import annotations

from typing import Any

from mockidp.clients.remote.control_client import ControlClient, Refused
from mockidp.tenant.clock import Instant, check_seconds, to_text

_NOT_SO = 400


class RemoteClock:
    """The verbs of `Clock`, each one call."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control

    def now(self) -> float:
        """Return the tenant's time in seconds since 1970."""
        return float(self._control.get("/clock")["now"])

    @property
    def skew(self) -> float:
        """Seconds by which the clock that stamps `iat` and `exp` is ahead of `Date`."""
        return float(self._control.get("/clock")["skew"])

    @skew.setter
    def skew(self, seconds: float) -> None:
        self._move(skew=check_seconds(seconds))

    def freeze(self, at: Instant | None = None) -> None:
        """Stop the clock, now or at a given moment."""
        self._move(freeze="now" if at is None else to_text(at))

    def set(self, at: Instant) -> None:
        """Go to a moment; the clock runs on from there, unless it is frozen."""
        self._move(set=to_text(at))

    def advance(self, seconds: float) -> None:
        """Go forward, frozen or not; backward with a negative number."""
        self._move(advance=check_seconds(seconds))

    def offset(self, seconds: float) -> None:
        """Run, so many seconds ahead of the machine's clock; 0 is in step with it."""
        self._move(offset=check_seconds(seconds))

    def resume(self) -> None:
        """Run on from where the clock stands."""
        self._move(resume=True)

    def __repr__(self) -> str:
        return f"<clock at {self._control.url}>"

    def _move(self, **change: Any) -> None:
        """Send a change; what `Clock` refuses with a ValueError is one here, too."""
        try:
            self._control.post("/clock", change)
        except Refused as refused:
            if refused.status != _NOT_SO:
                raise
            raise ValueError(str(refused)) from None
