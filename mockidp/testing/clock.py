"""The calls for a tenant's clock. In one process, `MockIdP.clock` is the clock itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.tenant.clock import Clock, ClockSetting
from mockidp.testing.method import NOTHING, Method, Nothing, Target, answer, parameters


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockChange:
    """One change, `skew`, or both. Times are ISO 8601 texts with a time zone."""

    freeze: str | None = None
    """Stop the clock at a time; `now` is the clock's present time."""
    set: str | None = None
    """Set the time. A clock that is not frozen goes on from there."""
    advance: float | None = None
    """Advance the clock by so many seconds."""
    offset: float | None = None
    """Run so many seconds ahead of the machine's clock."""
    resume: bool = False
    """Let a frozen clock run on from its present time."""
    skew: float | None = None
    """Seconds by which `iat` and `exp` are ahead of `Date`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockState:
    """The state of the tenant's clock."""

    now: float
    """Seconds since 1970."""
    frozen: bool
    offset: float
    """Seconds by which it is ahead of the machine's clock."""
    skew: float
    """Seconds by which `iat` and `exp` are ahead of `Date`."""


def _get_clock(target: Target, _asked: Nothing) -> ClockState:
    """Return the state of the tenant's clock."""
    clock = target.tenant.clock
    setting = clock.setting
    return ClockState(
        now=clock.now(),
        frozen=setting.frozen_at is not None,
        offset=setting.offset,
        skew=setting.skew,
    )


def _move_clock(target: Target, asked: ClockChange) -> ClockState:
    """Change the tenant's time."""
    moves = [
        name for name in ("freeze", "set", "advance", "offset") if getattr(asked, name) is not None
    ]
    moves += ["resume"] if asked.resume else []
    if len(moves) > 1:
        named = " and ".join(f"`{name}`" for name in moves)
        raise MockIdPError(f"Parameters {named} contradict each other. Send only one.")
    if not moves and asked.skew is None:
        raise MockIdPError(
            "The clock was not changed. Send one of `freeze`, `set`, `advance`, `offset`, "
            "`resume` and `skew`."
        )

    def changed(setting: ClockSetting) -> ClockSetting:
        clock = Clock(setting)
        for name in moves:
            _move(clock, name, getattr(asked, name))
        if asked.skew is not None:
            clock.skew = asked.skew
        return clock.setting

    try:
        target.tenant.clock.change(changed)
    except ValueError as error:
        raise MockIdPError(str(error)) from None
    return _get_clock(target, Nothing())


def _move(clock: Clock, name: str, value: Any) -> None:
    if name == "resume":
        clock.resume()
    elif name == "freeze":
        clock.freeze(None if value == "now" else value)
    else:
        getattr(clock, name)(value)


GET_CLOCK = Method(
    name="get_clock",
    python=("clock.now", "clock.skew"),
    http="GET /clock",
    function=_get_clock,
    parameters=NOTHING,
    answer=answer(ClockState),
)
MOVE_CLOCK = Method(
    name="move_clock",
    python=(
        "clock.freeze",
        "clock.set",
        "clock.advance",
        "clock.offset",
        "clock.resume",
        "clock.skew",
    ),
    http="POST /clock",
    function=_move_clock,
    parameters=parameters(ClockChange),
    answer=answer(ClockState),
)
