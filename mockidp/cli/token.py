"""`mockidp token`: an access token with no flow."""

from __future__ import annotations

import json

import click

from mockidp.cli.server_call import server, server_options


@click.command()
@click.option("--audience", "-a", help="The API that the token is for; none gives an opaque one.")
@click.option("--scope", "-s", help="Scopes, separated by spaces.  [default: all of the API's]")
@click.option("--user", "-u", help="The user whom the token is about: alice, auth0|alice, e-mail.")
@click.option("--client", "-c", help="The client that gets it; alone, the token is its own.")
@server_options
def token(
    audience: str | None,
    scope: str | None,
    user: str | None,
    client: str | None,
    url: str,
    *,
    as_json: bool,
) -> None:
    """Mint an access token with no flow.

    \b
    Examples:
      mockidp token --audience https://api.acme.example/ --user alice
      mockidp token --audience https://api.acme.example/ --client acme-m2m --scope read:reports
      curl -H "Authorization: Bearer $(mockidp token -a https://api.acme.example/)" ...
    """
    if audience is None and user is None:
        raise click.UsageError("name an --audience, or a --user for an opaque token")
    body = {"audience": audience, "scope": scope, "user": user, "client": client}
    answer = server(url).post("/tokens", body, wanted="access_token")
    click.echo(json.dumps(answer) if as_json else answer["access_token"])
