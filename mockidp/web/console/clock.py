"""The tenant's clock: move it, stop it, and see what expires."""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.errors import MockIdPError
from mockidp.flows.hints.timestamps import date_and_time
from mockidp.frozen import frozen
from mockidp.storage.store import FOREVER
from mockidp.testing.method import NoParameters
from mockidp.testing.methods.clock import GET_CLOCK, MOVE_CLOCK
from mockidp.web.console.duration import in_words
from mockidp.web.console.visit import Visit, changing, showing
from mockidp.web.response.reply import Reply

STEPS = (("1 min", 60), ("1 h", 3600), ("1 d", 86400), ("30 d", 30 * 86400))
"""How far the buttons advance the clock, in seconds."""
SLIDER = (("now", 0), *STEPS[:3], ("7 d", 7 * 86400), STEPS[3], ("1 y", 365 * 86400))
"""The positions of the slider: how far they are from now, in seconds."""
_NUMBERS = ("advance", "offset", "skew")


@frozen
class Expiring:
    """The records of a store: how many are valid now, and how many have expired after each step."""

    name: str
    valid: int
    expired: tuple[int, ...]


@frozen
class SliderPosition:
    """A position of the slider: its label, and what it means in words."""

    label: str
    text: str


def _show(visit: Visit) -> Reply:
    state = GET_CLOCK.function(visit, NoParameters())
    return visit.page(
        "clock",
        title="Clock",
        area="clock",
        state=state,
        now=date_and_time(state.now),
        difference=in_words(state.offset),
        is_ahead=state.offset > 0,
        steps=STEPS,
        expiring=list(_expiring(visit, state.now)),
        positions=list(_positions(visit, state.now)),
    )


def _positions(visit: Visit, now: float) -> Iterator[SliderPosition]:
    ends = [end for _, valid in _ends(visit, now) for end in valid]
    for label, seconds in SLIDER:
        time = now + seconds
        expired = sum(end <= time for end in ends)
        title = f"in {label}" if seconds else label
        yield SliderPosition(
            label=label,
            text=f"{title}: {date_and_time(time)}. Expired then: {expired} of {len(ends)} records.",
        )


def _expiring(visit: Visit, now: float) -> Iterator[Expiring]:
    for name, ends in _ends(visit, now):
        yield Expiring(
            name=name.replace("_", " "),
            valid=len(ends),
            expired=tuple(sum(end <= now + step for end in ends) for _, step in STEPS),
        )


def _ends(visit: Visit, now: float) -> Iterator[tuple[str, list[float]]]:
    """Yield the stores with valid records that expire, and when they do."""
    for name, store in visit.tenant.stores.items():
        ends = [entry.expires_at for _, entry in store.scan() if entry.is_good(now)]
        ends = [end for end in ends if end != FOREVER]
        if ends:
            yield name, ends


def _move(visit: Visit) -> Reply:
    """Apply the one change that a form sends."""
    sent = {
        name: value
        for name in ("freeze", "set", "resume", *_NUMBERS)
        if (value := visit.form.get(name))
    }
    change: dict[str, object] = {**sent}
    if "set" in sent:
        change["set"] = f"{sent['set']}Z"  # a browser sends no time zone
    position = visit.form.get("position")
    if position:
        change["advance"] = _seconds_at(position)
    if "resume" in sent:
        change["resume"] = True
    for name in sent.keys() & set(_NUMBERS):
        change[name] = _seconds(sent[name])
    MOVE_CLOCK.function(visit, MOVE_CLOCK.parameters.read(change))
    return visit.go(visit.link("clock"))


def _seconds_at(position: str) -> int:
    """Return the seconds at a position of the slider."""
    if position not in map(str, range(len(SLIDER))):
        raise MockIdPError(f"The slider has no position {position[:20]!r}.")
    return SLIDER[int(position)][1]


def _seconds(sent: str) -> float:
    try:
        return float(sent)
    except ValueError:
        raise MockIdPError(f"Expected a number of seconds, found {sent!r}.") from None


ROUTES = (showing("/clock", _show), changing("/clock", _move))
