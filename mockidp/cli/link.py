"""`mockidp link`: make an impersonation link without a token for the API."""

from __future__ import annotations

import json

import click

from mockidp.cli.calls.server_call import server, server_options


@click.command()
@click.argument("user")
@click.option(
    "--client", "-c", help="The client to log in to.  [default: the first with a callback]"
)
@click.option(
    "--state", "-s", help="Returned to the callback. Without it, opening the link fails: Bad mac."
)
@click.option("--callback", help="One of the client's callbacks.  [default: its first]")
@click.option("--response-type", help="code, token or 'token id_token'.  [default: code]")
@click.option("--as", "impersonator", help="The admin who acts as the user.  [default: admin]")
@server_options
def link(
    user: str,
    client: str | None,
    state: str | None,
    callback: str | None,
    response_type: str | None,
    impersonator: str | None,
    url: str,
    *,
    as_json: bool,
) -> None:
    """Make an impersonation link, which logs an admin in as USER.

    The link works once. It begins with the setting browser_url, else the issuer, else --url.

    \b
    Examples:
      mockidp link alice --state hello
      mockidp link 'auth0|bob' --client acme-web --as admin --response-type token --state x
    """
    body = {
        "user": user,
        "client": client,
        "state": state,
        "callback_url": callback,
        "response_type": response_type,
        "impersonator": impersonator,
    }
    answer = server(url).post("/impersonation-links", body, wanted="url")
    if not state:
        click.echo(
            "mockidp: opening a link without --state fails with Bad mac, as at Auth0, unless the "
            "setting impersonation.require_state is false",
            err=True,
        )
    click.echo(json.dumps(answer) if as_json else answer["url"])
