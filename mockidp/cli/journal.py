"""`mockidp journal`: show the exchanges of a running mock."""

from __future__ import annotations

import json
from typing import Any

import click

from mockidp.cli.calls.server_call import server, server_options
from mockidp.clients.remote.control_client import ControlClient, Refused
from mockidp.errors import MockIdPError, Unreachable

_WAIT = 1.0
"""Seconds per poll. A Ctrl-C just before a poll takes effect only after it."""
_PATIENCE = 30.0
_PAUSE = 0.1
_TIMED_OUT = 408


@click.command()
@click.argument("endpoint", required=False)
@click.option("--client", "-c", help="Show only exchanges of a client.")
@click.option("--user", "-u", help="Show only exchanges of a user: id, its last part, or e-mail.")
@click.option("--error", "-e", help="Show only refusals with an error code.")
@click.option(
    "--follow", "-f", is_flag=True, help="Show new exchanges as they arrive, until Ctrl-C."
)
@click.option(
    "--all", "with_kept", is_flag=True, help="With --follow, show earlier exchanges first."
)
@click.option("--clear", is_flag=True, help="Delete all exchanges instead.")
@server_options
def journal(
    endpoint: str | None,
    client: str | None,
    user: str | None,
    error: str | None,
    url: str,
    *,
    follow: bool,
    with_kept: bool,
    clear: bool,
    as_json: bool,
) -> None:
    """Show the last exchanges of a running mock, or those of ENDPOINT.

    Each exchange is one line, with its number and the time on the mock's clock. With --json, the
    line is JSON and includes the decision trace and decoded tokens. --follow shows only new
    exchanges, and survives a reset of the mock, and a restart of under 30 seconds.

    \b
    Examples:
      mockidp journal
      mockidp journal token --client acme-web --json
      mockidp journal --follow
      mockidp journal --follow --all
    """
    query: dict[str, Any] = {"endpoint": endpoint, "client": client, "user": user, "error": error}
    if clear and (follow or with_kept or as_json or any(query.values())):
        raise click.UsageError(
            "--clear deletes all exchanges and cannot be combined with other options"
        )
    control = server(url)
    if clear:
        control.call("DELETE", "/journal")
        return
    try:
        kept = control.get("/journal", wanted="items", **query)["items"]
        shown = kept[-1]["number"] if kept else 0
        if with_kept or not follow:
            _show(kept, as_json=as_json)
        if follow:
            click.echo("mockidp: following the journal. Press Ctrl-C to stop.", err=True)
        while follow:
            shown = _show(_next(control, shown, query), as_json=as_json) or shown
    except KeyboardInterrupt:
        return  # the regular end of --follow


def _next(control: ControlClient, shown: int, query: dict[str, Any]) -> list[dict[str, Any]]:
    """Wait for exchanges after a number. Return an empty list if none arrived in time."""
    parameters = {**query, "after": shown, "wait_seconds": _WAIT}
    try:
        answer = control.get("/journal", wanted="items", wait=_WAIT, **parameters)
    except Refused as refused:
        if refused.status == _TIMED_OUT:
            return []
        raise
    except Unreachable as error:
        _wait_for(control, error)
        return []
    return answer["items"]  # type: ignore[no-any-return]  # its JSON


def _wait_for(control: ControlClient, error: MockIdPError) -> None:
    """Wait until the mock is back."""
    import time

    click.echo(f"mockidp: {error}; waiting for it", err=True)
    ends_at = time.monotonic() + _PATIENCE
    while True:
        try:
            control.health()
        except Unreachable:
            if time.monotonic() >= ends_at:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _show(entries: list[dict[str, Any]], *, as_json: bool) -> int:
    """Print exchanges. Return the number of the last one, or 0."""
    for entry in entries:
        click.echo(json.dumps(entry) if as_json else _line(entry))
    return entries[-1]["number"] if entries else 0


def _line(entry: dict[str, Any]) -> str:
    from mockidp.codec.mistakes import printable
    from mockidp.flows.hints.timestamps import clock_time

    named = [f"{name}={entry[name]}" for name in ("client", "user", "grant") if entry[name]]
    error = [entry["error"]] if entry["error"] else []
    hint = [f"hint: {entry['hint']}"] if entry["hint"] else []
    shown = [entry["endpoint"], entry["method"], str(entry["status"]), *error, *named, *hint]
    return printable(f"#{entry['number']} {clock_time(entry['at'])} {' '.join(shown)}")
