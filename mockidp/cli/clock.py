"""`mockidp clock`: show or change the time of a running mock."""

from __future__ import annotations

import json
import re
from typing import Any

import click

from mockidp.cli.calls.server_call import server, server_options

_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)
_WITH_UNIT = re.compile(r"([-+]?[0-9]{1,9})(s|m|min|h|d)", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_VERBS = ("freeze", "set", "advance", "offset", "resume", "skew")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("verb", required=False, type=click.Choice(_VERBS))
@click.argument("value", required=False)
@server_options
def clock(verb: str | None, value: str | None, url: str, *, as_json: bool) -> None:
    """Show or change the time of a running mock.

    \b
    freeze [TIME]    stop the clock, now or at a time such as 2030-01-31T12:00:00Z
    set TIME         change the time; a running clock continues from there
    advance SECONDS  move the clock forward, also if it is frozen
    offset SECONDS   run this far ahead of the machine's clock; 0 is real time
    resume           start a frozen clock again
    skew SECONDS     issue tokens with times that are this far ahead

    \b
    Examples:
      mockidp clock
      mockidp clock freeze
      mockidp clock advance 3600
      mockidp clock skew -90
    """
    control = server(url)
    if verb is None:
        state = control.get("/clock", wanted="now")
    else:
        state = control.post("/clock", _change(verb, value), wanted="now")
    if as_json:
        click.echo(json.dumps(state))
        return
    from mockidp.tenant.clock import to_text

    notes = ["frozen"] if state["frozen"] else []
    notes += [f"{name} {state[name]:g} s" for name in ("offset", "skew") if state[name]]
    click.echo(to_text(state["now"]) + (f" ({', '.join(notes)})" if notes else ""))


def _change(verb: str, value: str | None) -> dict[str, Any]:
    if verb == "resume":
        if value is not None:
            raise click.UsageError("resume takes no value")
        return {"resume": True}
    if verb == "freeze" and value is None:
        return {"freeze": "now"}
    if value is None:
        raise click.UsageError(f"{verb} needs a value")
    is_time = verb in ("freeze", "set")
    if value.startswith("-" if is_time else "--"):
        raise click.UsageError(f"No such option: {value}")
    if is_time:
        return {verb: value}
    if not _NUMBER.fullmatch(value):
        example = _in_seconds(value)
        raise click.UsageError(
            f"{value!r} is not a number of seconds. Use: mockidp clock {verb} {example}"
        )
    return {verb: float(value)}


def _in_seconds(value: str) -> int:
    """Convert a time with a unit, such as `1h`, to seconds. Return 3600 for any other text."""
    found = _WITH_UNIT.fullmatch(value)
    return int(found[1]) * _SECONDS[found[2]] if found else 3600
