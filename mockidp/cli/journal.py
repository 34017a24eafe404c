"""`mockidp journal`: what was asked, what was answered, and why."""

from __future__ import annotations

import json
from typing import Any

import click

from mockidp.cli.server_call import server, server_options

_WAIT = 20.0


@click.command()
@click.argument("endpoint", required=False)
@click.option("--client", "-c", help="Of one client only.")
@click.option("--user", "-u", help="About one user only: by id, its last part, or e-mail.")
@click.option("--error", "-e", help="Refused with one error code only.")
@click.option("--follow", "-f", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@click.option("--clear", is_flag=True, help="Forget all exchanges instead.")
@server_options
def journal(
    endpoint: str | None,
    client: str | None,
    user: str | None,
    error: str | None,
    url: str,
    *,
    follow: bool,
    clear: bool,
    as_json: bool,
) -> None:
    """Show a running mock's last exchanges, all or those of ENDPOINT.

    With --json each is one line of JSON, decision trace and decoded tokens included.

    \b
    Examples:
      mockidp journal
      mockidp journal token --client acme-web --json
      mockidp journal --follow
    """
    control = server(url)
    if clear:
        control.call("DELETE", "/journal")
        return
    query: dict[str, Any] = {"endpoint": endpoint, "client": client, "user": user, "error": error}
    shown = _show(control.get("/journal", wanted="items", **query)["items"], as_json=as_json)
    while follow:
        from mockidp.remote.control_client import Refused

        try:
            answer = control.get(
                "/journal", wait=_WAIT, wait_seconds=_WAIT, after=shown, wanted="items", **query
            )
        except Refused as refused:
            if refused.status != 408:  # noqa: PLR2004 - nothing came meanwhile
                raise
        else:
            shown = _show(answer["items"], as_json=as_json)


def _show(entries: list[dict[str, Any]], *, as_json: bool) -> int:
    """Print exchanges; return the number of the last."""
    for entry in entries:
        click.echo(json.dumps(entry) if as_json else _line(entry))
    return entries[-1]["number"] if entries else 0


def _line(entry: dict[str, Any]) -> str:
    named = [f"{name}={entry[name]}" for name in ("client", "user", "grant") if entry[name]]
    error = [entry["error"]] if entry["error"] else []
    hint = [f"hint: {entry['hint']}"] if entry["hint"] else []
    shown = [entry["endpoint"], entry["method"], str(entry["status"]), *error, *named, *hint]
    return f"#{entry['number']} {' '.join(shown)}"
