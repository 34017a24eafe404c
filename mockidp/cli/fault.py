"""`mockidp fault`: make a running mock fail on purpose."""

from __future__ import annotations

import json
from typing import Any

import click

from mockidp.cli.calls.server_call import server, server_options
from mockidp.cli.json_value import json_value


@click.command()
@click.argument("endpoint", required=False)
@click.argument("words", nargs=-1, metavar="[WORD=VALUE]...")
@click.option("--cancel", metavar="NAME", help="Cancel a fault.")
@click.option("--clear", is_flag=True, help="Cancel all faults.")
@server_options
def fault(
    endpoint: str | None,
    words: tuple[str, ...],
    cancel: str | None,
    url: str,
    *,
    clear: bool,
    as_json: bool,
) -> None:
    """Make a running mock fail at ENDPOINT, or list its faults.

    ENDPOINT is an endpoint or a kind of token, such as token, authorize, userinfo or id_token. Each
    WORD says what goes wrong, how often, or for whom. VALUE is JSON or plain text; a WORD alone is
    true. All words: https://github.com/mockidp/mockidp/blob/main/docs/reference/faults.md

    \b
    Examples:
      mockidp fault token rate_limit times=2
      mockidp fault id_token wrong=aud when.client=acme-web
      mockidp fault userinfo 'set={"email": null}'
      mockidp fault
      mockidp fault --clear
    """
    if sum((endpoint is not None, cancel is not None, clear)) > 1:
        raise click.UsageError(
            "ENDPOINT, --cancel and --clear cannot be combined. Give one of them."
        )
    control = server(url)
    if cancel is not None:
        from mockidp.clients.remote.control_client import escaped

        control.call("DELETE", f"/faults/{escaped(cancel)}")
    elif clear:
        control.call("DELETE", "/faults")
    elif endpoint is None:
        _show(control.get("/faults", wanted="items")["items"], as_json=as_json)
    else:
        added = control.post("/faults", {"endpoint": endpoint, **_read(words)}, wanted="name")
        _show([added], as_json=as_json)


def _read(words: tuple[str, ...]) -> dict[str, Any]:
    """Parse WORD=VALUE arguments. A dot in a word nests: `when.client=x`."""
    read: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        into = read
        *outer, last = name.split(".")
        for step in outer:
            into = into.setdefault(step, {}) if isinstance(into, dict) else into
        if not all((*outer, last)):
            raise click.UsageError(f"{word!r} is not WORD=VALUE")
        if not isinstance(into, dict) or last in into:
            raise click.UsageError(f"{word!r}: {name} has a value already")
        into[last] = json_value(text) if equals else True
    return read


def _show(faults: list[dict[str, Any]], *, as_json: bool) -> None:
    from mockidp.codec.mistakes import printable

    for one in faults:
        if as_json:
            click.echo(json.dumps(one))
        else:
            times = f" of {one['times']}" if "times" in one else ""
            click.echo(printable(f"{one['name']} (fired {one['fired']}{times})"))
