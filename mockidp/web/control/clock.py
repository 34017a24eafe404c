"""`/clock`: the tenant's time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockidp.protocol.problem import Problem
from mockidp.tenant.clock import Clock, ClockSetting
from mockidp.web.control.operation import Call, Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockChange:
    """One change, `skew`, or both. Moments are ISO 8601 texts with a time zone."""

    freeze: str | None = None
    """Stand still at a moment; `now` is where the clock stands."""
    set: str | None = None
    """Go to a moment, and run on from there unless frozen."""
    advance: float | None = None
    """Go on by so many seconds."""
    offset: float | None = None
    """Run so many seconds ahead of the machine."""
    resume: bool = False
    """Run on from where the clock stands."""
    skew: float | None = None
    """Seconds by which `iat` and `exp` are ahead of `Date`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockState:
    """How the tenant's clock stands."""

    now: float
    """Seconds since 1970."""
    frozen: bool
    offset: float
    """Seconds by which it is ahead of the machine's."""
    skew: float
    """Seconds by which `iat` and `exp` are ahead of `Date`."""


def _change(call: Call) -> Any:
    clock, asked = call.tenant.clock, call.body
    moves = [
        name for name in ("freeze", "set", "advance", "offset") if getattr(asked, name) is not None
    ]
    moves += ["resume"] if asked.resume else []
    if len(moves) > 1:
        raise Problem(400, f"{' and '.join(moves)} contradict each other; send one")
    if not moves and asked.skew is None:
        raise Problem(400, "send one of freeze, set, advance, offset, resume, skew")

    def changed(setting: ClockSetting) -> ClockSetting:
        changing = Clock(setting)
        for name in moves:
            _move(changing, name, getattr(asked, name))
        if asked.skew is not None:
            changing.skew = asked.skew
        return changing.setting

    try:
        clock.change(changed)
    except ValueError as error:
        raise Problem(400, str(error)) from None
    return describe_clock(clock)


def _move(clock: Clock, name: str, value: Any) -> None:
    if name == "resume":
        clock.resume()
    elif name == "freeze":
        clock.freeze(None if value == "now" else value)
    else:
        getattr(clock, name)(value)


def describe_clock(clock: Clock) -> dict[str, Any]:
    """Return how a clock stands."""
    setting = clock.setting
    return {
        "now": clock.now(),
        "frozen": setting.frozen_at is not None,
        "offset": setting.offset,
        "skew": setting.skew,
    }


OPERATIONS = (
    Operation(
        name="getClock",
        method="GET",
        path="/clock",
        summary="How the tenant's clock stands.",
        handler=lambda call: describe_clock(call.tenant.clock),
        answer=ClockState,
    ),
    Operation(
        name="moveClock",
        method="POST",
        path="/clock",
        summary="Move the tenant's time.",
        handler=_change,
        body=ClockChange,
        answer=ClockState,
    ),
)
