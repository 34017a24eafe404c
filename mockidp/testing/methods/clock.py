"""The calls for a tenant's clock. In the same process, `MockIdP.clock` is the clock itself."""

from __future__ import annotations

from typing import Any

from mockidp.errors import MockIdPError
from mockidp.flows.sessions.session import end_expired_sessions
from mockidp.frozen import frozen
from mockidp.tenant.clock import Clock, ClockSetting
from mockidp.testing.method import NO_PARAMETERS, Method, NoParameters, Target, answer, parameters


@frozen
class ClockChange:
    """One change, `skew`, or both. Times are ISO 8601 texts with a time zone."""

    freeze: str | None = None
    """Stop the clock at a time; `now` is the clock's current time."""
    set: str | None = None
    """Set the time. A clock that is not frozen continues from there."""
    advance: float | None = None
    """Advance the clock by this many seconds."""
    offset: float | None = None
    """Run this many seconds ahead of the machine's clock."""
    resume: bool = False
    """Let a frozen clock continue from its current time."""
    skew: float | None = None
    """Seconds by which `iat` and `exp` are ahead of `Date`."""


@frozen
class ClockState:
    """The state of the tenant's clock."""

    now: float
    """Seconds since 1970."""
    frozen: bool
    offset: float
    """Seconds by which it is ahead of the machine's clock."""
    skew: float
    """Seconds by which `iat` and `exp` are ahead of `Date`."""


def _get_clock(target: Target, _request: NoParameters) -> ClockState:
    """Return the state of the tenant's clock."""
    clock = target.tenant.clock
    setting = clock.setting
    return ClockState(
        now=clock.now(),
        frozen=setting.frozen_at is not None,
        offset=setting.offset,
        skew=setting.skew,
    )


def _move_clock(target: Target, request: ClockChange) -> ClockState:
    """Change the tenant's time."""
    moves = [
        name
        for name in ("freeze", "set", "advance", "offset")
        if getattr(request, name) is not None
    ]
    moves += ["resume"] if request.resume else []
    if len(moves) > 1:
        named = " and ".join(f"`{name}`" for name in moves)
        raise MockIdPError(f"Parameters {named} contradict each other. Send only one.")
    if not moves and request.skew is None:
        raise MockIdPError(
            "The clock was not changed. Send one of `freeze`, `set`, `advance`, `offset`, "
            "`resume` and `skew`."
        )

    def changed(setting: ClockSetting) -> ClockSetting:
        clock = Clock(setting)
        for name in moves:
            _move(clock, name, getattr(request, name))
        if request.skew is not None:
            clock.skew = request.skew
        return clock.setting

    try:
        target.tenant.clock.change(changed)
    except ValueError as error:
        raise MockIdPError(str(error)) from None
    end_expired_sessions(target.tenant)
    return _get_clock(target, NoParameters())


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
    parameters=NO_PARAMETERS,
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
