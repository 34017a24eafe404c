"""`mockidp explain`: explain a link, a bewit, a token, a code, a login URL or a callback."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from mockidp.cli.calls.server_call import server, server_options, source_of_url
from mockidp.errors import Unreachable

_VERDICTS: dict[bool | None, tuple[str, str]] = {
    True: ("accepted", "green"),
    False: ("refused", "red"),
    None: ("not judged", "yellow"),
}


@click.command()
@click.argument("thing")
@server_options
def explain(thing: str, url: str, *, as_json: bool) -> None:
    """Explain whether THING would be accepted, and why not.

    THING is an impersonation link, a bewit, a token, a code, the URL of a login at /authorize, or
    a whole callback URL; - reads it from standard input. Without --url, the command calls the mock
    that a link, token or login URL names, if that mock runs on this machine. If no mock answers,
    THING is only decoded, without checking its signature, and the exit status is 3.

    \b
    Examples:
      mockidp explain 'http://localhost:9400/users/auth0%7Calice/impersonate?&bewit=...'
      mockidp explain "$(mockidp token --audience https://api.acme.example/)"
      mockidp explain 'http://localhost:9400/authorize?client_id=acme-web&response_type=code'
      pbpaste | mockidp explain -
    """
    if thing == "-":
        thing = sys.stdin.buffer.read().decode(errors="replace")
    if not thing.strip():
        raise click.UsageError(
            "THING is empty: pass a link, a bewit, a token, a code, a login URL or a callback URL"
        )
    offline: Unreachable | None = None
    try:
        answer = _explain_with_mock(thing, url)
    except Unreachable as error:
        offline, answer = error, _explain_offline(thing)
    if as_json:
        click.echo(json.dumps(answer))
    else:
        _show(answer)
    if offline and answer["accepted"] is None:
        raise offline
    sys.exit(0 if answer["accepted"] else 1)


def _explain_with_mock(thing: str, url: str) -> Any:
    """Explain a link or token with the mock that it names, or else with the one at `url`."""
    if source_of_url() != "--url":
        from mockidp.cli.calls.named_mock import call_named, named_mock

        named = named_mock(thing)
        if named and named.url != url.rstrip("/") and (answer := call_named(named, url, thing)):
            return answer
    return server(url).post("/explain", {"thing": thing}, wanted="accepted")


def _explain_offline(thing: str) -> dict[str, Any]:
    from mockidp.codec.write import to_wire
    from mockidp.testing.methods.explain import explain as explain_without_server

    answer: dict[str, Any] = to_wire(explain_without_server(thing, None))
    return answer


def _show(answer: dict[str, Any]) -> None:
    verdict, colour = _VERDICTS[answer["accepted"]]
    click.echo(f"{answer['kind']}: " + click.style(verdict, fg=colour, bold=True))
    for reason in answer["reasons"]:
        click.echo(f"  {reason}")
    if answer["link"] and not answer["accepted"]:
        _show_comparison(answer["link"])
    if answer["decoded"]:
        click.echo(json.dumps(answer["decoded"], indent=2, ensure_ascii=False))


def _show_comparison(link: dict[str, Any]) -> None:
    """Print the checks of a refused link, and its differences from the original link."""
    passed = [check["name"] for check in link["checks"] if check["passed"]]
    failed = [check["name"] for check in link["checks"] if check["passed"] is False]
    click.echo(f"checks passed: {', '.join(passed) or 'none'}")
    click.echo(f"check failed:  {click.style(', '.join(failed), fg='red')}")
    if link["spans"]:
        click.echo("differences from the original link:")
    for span in link["spans"]:
        place = f"at character {span['received_at'] + 1}"
        click.echo(f"  {span['kind']:8}{_change(span)}, {place}")


def _change(span: dict[str, Any]) -> str:
    if span["kind"] in ("added", "lost"):
        return f"`{span['received'] or span['signed']}`"
    return f"`{span['signed']}` became `{span['received']}`"
