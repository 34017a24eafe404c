"""`mockidp token`: mint an access token without a login."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from mockidp.cli.calls.server_call import server, server_options
from mockidp.cli.json_value import json_value

_OPTIONS = {"expired": "expired", "claims": "claim"}
"""Options that do not apply to tokens for the Management API, by parameter."""


def _parse_claims(
    _context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]
) -> dict[str, Any]:
    """Parse NAME=VALUE into claims by name. A name may be a URL."""
    claims = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE")
        claims[name] = json_value(value)
    return claims


@click.command()
@click.option(
    "--audience",
    "-a",
    "audiences",
    multiple=True,
    help="The API that the token is for. Can be repeated. Without it, the token is opaque.",
)
@click.option(
    "--scope",
    "-s",
    help="Scopes that the APIs define, separated by spaces.  [default: all of them]",
)
@click.option(
    "--management",
    is_flag=True,
    help="Mint a token for the Management API instead, by default with all of its scopes.",
)
@click.option("--user", "-u", help="The subject of the token: alice, auth0|alice or an e-mail.")
@click.option(
    "--client",
    "-c",
    help="The client that gets the token. Without --user, it is the subject.",
)
@click.option("--expires-in", type=int, metavar="SECONDS", help="Lifetime of the token.")
@click.option("--expired", is_flag=True, help="Mint a token that expired an hour ago.")
@click.option(
    "--claim",
    "claims",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_parse_claims,
    help="Set a claim. VALUE is JSON or plain text.",
)
@server_options
def token(
    url: str, *, as_json: bool, audiences: tuple[str, ...], management: bool, **options: Any
) -> None:
    """Mint an access token without a login.

    The token is signed and valid, even if no real client could get it, unless an option makes it
    invalid.

    \b
    Examples:
      mockidp token --audience https://api.acme.example/ --user alice
      mockidp token --audience https://api.acme.example/ --client acme-m2m --scope read:items
      mockidp token -a https://api.acme.example/ -a https://reports.acme.example/ -u alice
      mockidp token -a https://api.acme.example/ -u alice --expired
      mockidp token --management --scope 'read:users update:users'
      mockidp token -a https://api.acme.example/ -u alice --claim 'https://acme.example/roles=["x"]'
      curl -H "Authorization: Bearer $(mockidp token -a https://api.acme.example/)" ...
    """
    if management:
        _mint_management_token(url, options, audiences=audiences, as_json=as_json)
        return
    if not audiences and options["user"] is None:
        raise click.UsageError("pass an --audience, or a --user for an opaque token")
    if options["expired"] and options["expires_in"] is not None:
        raise click.UsageError("--expired and --expires-in cannot be combined. Give one of them.")
    body = {"audience": list(audiences), **options}
    answer = server(url).post("/tokens", body, wanted="access_token")
    click.echo(json.dumps(answer) if as_json else answer["access_token"])


def _mint_management_token(
    url: str, options: Mapping[str, Any], *, audiences: tuple[str, ...], as_json: bool
) -> None:
    other = [name for name in ("expired", "claims") if options[name]]
    if audiences:
        raise click.UsageError("--management and --audience cannot be combined. Give one of them.")
    if other:
        raise click.UsageError(f"--management cannot be combined with --{_OPTIONS[other[0]]}")
    body = {name: one for name, one in options.items() if name not in _OPTIONS}
    body["scopes"] = (body.pop("scope") or "").split()
    answer = server(url).post("/management-tokens", body, wanted="access_token")
    click.echo(json.dumps(answer) if as_json else answer["access_token"])
