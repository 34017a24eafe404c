"""`mockidp env`: print environment variables that make apps find and trust the mock."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from mockidp.cli.calls.server_call import default_url
from mockidp.cli.options import data_dir_option
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
    help="URL of the mock.  [env: MOCKIDP_URL; default: the URL of --issuer, else"
    " http://localhost:9400]",
)
@click.option(
    "--issuer",
    metavar="URL",
    help="The issuer to export.  [env: MOCKIDP_ISSUER; default: that of the mock at --url, or the"
    " --url and a slash if no mock runs there]",
)
@click.option(
    "--shell",
    type=click.Choice(list(SHELLS)),
    default="bash",
    show_default=True,
    help="The shell that evaluates the output; bash is for sh and zsh too.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object instead.")
def env(data_dir: Path, url: str | None, issuer: str | None, shell: str, *, as_json: bool) -> None:
    """Print the variables that make apps find and trust the mock.

    MOCKIDP_ISSUER is the issuer for apps, and MOCKIDP_URL the mock that other mockidp commands use.
    The other variables make Node, Python and curl trust the certificate authority in the data
    directory of the mock.

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
            "started, or pass its --data-dir"
        )
        if url.startswith("https:"):
            raise MockIdPError(missing)
        click.echo(f"mockidp: the variables only support http, because {missing}", err=True)
    values = {
        "MOCKIDP_URL": url,
        **environment(issuer, data_dir if ca_file.is_file() else None),
    }
    click.echo(json.dumps(values) if as_json else "\n".join(export_lines(values, shell)))


def _url_and_issuer(url: str | None, issuer: str | None) -> tuple[str, str]:
    """Return URL and issuer. Derive a missing one from the other.

    Variables are read only if neither option is given, since they may belong to another mock.
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
    """Return the issuer of the mock at a URL, or an empty string if none answers.

    On this machine the CA may be untrusted, since `env` is the command to make it trusted.
    """
    from http.client import HTTPException

    from mockidp.cli.calls.caller import RequestSender
    from mockidp.protocol.discovery.document import DISCOVERY
    from mockidp.protocol.urls.origin import is_loopback_url

    caller = RequestSender(timeout=_TIMEOUT)
    if is_loopback_url(url):
        caller.trust_anything()
    try:
        found = caller.send(url + DISCOVERY).json()
        issuer = found.get("issuer", "")
        parse_url(issuer if isinstance(issuer, str) else "")
    except (OSError, HTTPException, MockIdPError):
        return ""
    return str(issuer)
