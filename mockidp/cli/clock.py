"""`mockidp clock`: the tenant's time."""

from __future__ import annotations

import json
import re
from typing import Any

import click

from mockidp.cli.server_call import server, server_options

_VERBS = ("freeze", "set", "advance", "offset", "resume", "skew")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("verb", required=False, type=click.Choice(_VERBS))
@click.argument("value", required=False)
@server_options
def clock(verb: str | None, value: str | None, url: str, *, as_json: bool) -> None:
    """Show or change a running mock's time.

    \b
    freeze [TIME]    stop the clock, now or at a time such as 2030-01-31T12:00:00Z
    set TIME         change the time; a running clock goes on from there
    advance SECONDS  move the clock forward, also if it is frozen
    offset SECONDS   run ahead of the machine's clock; 0 is in step with it
    resume           let a frozen clock run on
    skew SECONDS     stamp tokens with a time so far ahead of the clock

    \b
    Examples:
      mockidp clock
      mockidp clock freeze
      mockidp clock advance 3600
      mockidp clock skew -90
    """
    control = server(url)
    if verb is None:
        stands = control.get("/clock", wanted="now")
    else:
        stands = control.post("/clock", _change(verb, value), wanted="now")
    if as_json:
        click.echo(json.dumps(stands))
        return
    from mockidp.tenant.clock import to_text

    how = ["frozen"] if stands["frozen"] else []
    how += [f"{name} {stands[name]:g} s" for name in ("offset", "skew") if stands[name]]
    click.echo(to_text(stands["now"]) + (f" ({', '.join(how)})" if how else ""))


def _change(verb: str, value: str | None) -> dict[str, Any]:
    if verb == "resume":
        if value is not None:
            raise click.UsageError("resume takes no value")
        return {"resume": True}
    if verb == "freeze" and value is None:
        return {"freeze": "now"}
    if value is None:
        raise click.UsageError(f"{verb} needs a value")
    if verb in ("freeze", "set"):
        if value.startswith("-"):
            raise click.UsageError(f"No such option: {value}")
        return {verb: value}
    if not re.fullmatch(r"[-+]?[0-9]{1,15}(\.[0-9]{1,9})?", value, re.ASCII):
        raise click.UsageError(f"{value!r} is no number of seconds")
    return {verb: float(value)}
