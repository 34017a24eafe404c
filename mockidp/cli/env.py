"""`mockidp env`: print variables with which apps find and trust the mock."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from mockidp.cli.options import data_dir_option
from mockidp.cli.server_call import default_url
from mockidp.cli.shells import SHELLS, export_lines
from mockidp.clients.remote.control_client import parse_url
from mockidp.errors import MockIdPError

_TIMEOUT = 1.0
"""Seconds to wait for the discovery document."""


@click.command()
@data_dir_option
@click.option(
    "--url",
    metavar="URL",
    help="Where the mock runs.  [env: MOCKIDP_URL; default: the --issuer's URL, else"
    " http://localhost:9400]",
)
@click.option(
    "--issuer",
    metavar="URL",
    help="The issuer to export.  [env: MOCKIDP_ISSUER; default: that of the mock at --url, or the"
    " --url with a / at its end if no mock runs there]",
)
@click.option(
    "--shell",
    type=click.Choice(list(SHELLS)),
    default="bash",
    show_default=True,
    help="The shell to print for; bash also fits sh and zsh.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object instead.")
def env(data_dir: Path, url: str | None, issuer: str | None, shell: str, *, as_json: bool) -> None:
    """Print the variables that make apps find and trust the mock.

    Evaluated in a shell, the lines tell apps the issuer (MOCKIDP_ISSUER), tell the commands of
    mockidp which mock to use (MOCKIDP_URL), and make Node, Python and curl trust the certificate
    authority in the data directory of the mock.

    \b
    Examples:
      eval "$(mockidp env)"
      mockidp env --shell fish | source
      mockidp env --shell powershell | Out-String | Invoke-Expression
      mockidp env --url https://localhost:9443 --data-dir ~/idp/.mockidp
      mockidp env --json
    """
    from mockidp.tls import CA_FILE, environment

    url, issuer = _url_and_issuer(url, issuer)
    ca_file = data_dir / CA_FILE
    if not ca_file.is_file():
        missing = (
            f"{ca_file} does not exist: run this in the directory where `mockidp serve` was "
            "started, or name its --data-dir"
        )
        if url.startswith("https:"):
            raise MockIdPError(missing)
        click.echo(f"mockidp: https is not set up, only http: {missing}", err=True)
    values = {
        "MOCKIDP_URL": url,
        **environment(issuer, data_dir if ca_file.is_file() else None),
    }
    click.echo(json.dumps(values) if as_json else "\n".join(export_lines(values, shell)))


def _url_and_issuer(url: str | None, issuer: str | None) -> tuple[str, str]:
    """Return URL and issuer. If one is missing, it is derived from the other.

    Variables count only if neither option is given, since they may be left over from another mock.
    """
    if url is None and issuer is None:
        url = os.environ.get("MOCKIDP_URL") or None
        issuer = os.environ.get("MOCKIDP_ISSUER") or None
    if url is None:
        url = issuer.rstrip("/") if issuer else default_url()
    parse_url(url)
    url = url.rstrip("/")
    return url, issuer or _issuer_at(url) or f"{url}/"


def _issuer_at(url: str) -> str:
    """Return the issuer of the mock that runs at a URL, or nothing if none runs there.

    On this machine the CA need not be trusted yet, since `env` is what makes it trusted.
    """
    from http.client import HTTPException

    from mockidp.cli.caller import Caller
    from mockidp.protocol.discovery import DISCOVERY
    from mockidp.protocol.origin import is_loopback_url

    caller = Caller(timeout=_TIMEOUT)
    if is_loopback_url(url):
        caller.trust_anything()
    try:
        found = caller.send(url + DISCOVERY).json()
        issuer = found.get("issuer", "")
        parse_url(issuer if isinstance(issuer, str) else "")
    except (OSError, HTTPException, MockIdPError):
        return ""
    return str(issuer)
