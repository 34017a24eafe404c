"""`mockidp serve`: serve a tenant over http and https until it is stopped."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click
from click.core import ParameterSource

from mockidp.cli.options import data_dir_option, parse_pairs, placeholder_option
from mockidp.cli.serving.checks import (
    check_one_tenant,
    check_store,
    check_workers,
    drop_overridden,
    source_of,
)
from mockidp.cli.serving.environment import ConfiguredCommand, settings_of
from mockidp.cli.serving.example import EXAMPLES
from mockidp.cli.serving.options import ServeOptions
from mockidp.cli.serving.run_server import run
from mockidp.cli.serving.stop_signals import stop_signals
from mockidp.errors import MockIdPError

_FILE_NAME = re.compile(r"[^\n:{]+\.(ya?ml|json)\s*", re.IGNORECASE)


def _checked_token(
    _context: click.Context, _parameter: click.Parameter, token: str | None
) -> str | None:
    """Check that clients can send the token. Secrets from files often end in a newline."""
    if token:
        from mockidp.clients.remote.control_client import checked_token

        try:
            checked_token(token)
        except MockIdPError as error:
            raise click.BadParameter(str(error)) from None
    return token


_NAMED = ("issuer", "keys", "listen", "tenant", "tls_listen")
"""The options that error messages after the start name."""


def _checked_text(
    _context: click.Context, _parameter: click.Parameter, tenant: str | None
) -> str | None:
    """Check that this is the text of a tenant file. A file name is a common mistake."""
    if tenant and _FILE_NAME.fullmatch(tenant):
        raise click.BadParameter(
            f"{tenant.strip()!r} is the name of a file, not its text: pass it as FILE or in "
            "MOCKIDP_TENANT_FILE"
        )
    return tenant


@click.command(cls=ConfiguredCommand)
@click.argument(
    "file",
    required=False,
    type=click.Path(path_type=Path, allow_dash=True),
    envvar="MOCKIDP_TENANT_FILE",
)
@click.option(
    "--example",
    type=click.Choice(EXAMPLES),
    envvar="MOCKIDP_EXAMPLE",
    help="Serve an example tenant.  [env: MOCKIDP_EXAMPLE]",
)
@click.option(
    "--tenant",
    envvar="MOCKIDP_TENANT",
    metavar="YAML",
    callback=_checked_text,
    help="The text of a tenant file, YAML or JSON.  [env: MOCKIDP_TENANT]",
)
@click.option(
    "--listen",
    envvar="MOCKIDP_LISTEN",
    default="127.0.0.1:9400",
    show_default=True,
    metavar="[HOST:]PORT",
    help="Address for http. Without a host, only this machine can connect. The host localhost is"
    " 127.0.0.1 and ::1, * is every address of the machine. Port 0 is any free port."
    "  [env: MOCKIDP_LISTEN]",
)
@click.option(
    "--tls-listen",
    envvar="MOCKIDP_TLS_LISTEN",
    metavar="[HOST:]PORT",
    help="Address for https. Overrides MOCKIDP_NO_TLS."
    "  [env: MOCKIDP_TLS_LISTEN; default: 127.0.0.1:9443]",
)
@click.option(
    "--no-tls",
    is_flag=True,
    envvar="MOCKIDP_NO_TLS",
    help="Serve http only.  [env: MOCKIDP_NO_TLS]",
)
@click.option(
    "--issuer",
    metavar="URL",
    help="The issuer for every client.  [env: MOCKIDP_ISSUER; default: the URL that a client uses]",
)
@data_dir_option
@click.option(
    "--keys",
    envvar="MOCKIDP_KEYS",
    metavar="FILE",
    help="PEM file with the RSA signing keys, the current one first, or the text of such a file."
    "  [env: MOCKIDP_KEYS]",
)
@click.option(
    "--seed",
    type=int,
    envvar="MOCKIDP_SEED",
    help="Make ids, codes and tokens repeatable.  [env: MOCKIDP_SEED]",
)
@click.option(
    "--persist",
    is_flag=True,
    envvar="MOCKIDP_PERSIST",
    help="Keep all state in the data directory, across restarts.  [env: MOCKIDP_PERSIST]",
)
@click.option(
    "--store",
    envvar="MOCKIDP_STORE",
    metavar="URL",
    help="Keep all state on a Redis or Valkey server, which several mocks can share:"
    " redis://USER:PASSWORD@HOST:PORT/DATABASE.  [env: MOCKIDP_STORE]",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    envvar="MOCKIDP_WORKERS",
    default=1,
    show_default=True,
    help="Number of processes that answer requests. More than one requires --store."
    "  [env: MOCKIDP_WORKERS]",
)
@click.option(
    "--control-token",
    envvar="MOCKIDP_CONTROL_TOKEN",
    metavar="TOKEN",
    callback=_checked_token,
    help="Bearer token that control API calls must send.  [env: MOCKIDP_CONTROL_TOKEN]",
)
@click.option(
    "--set",
    "settings",
    envvar="MOCKIDP_SET",
    metavar="NAME=VALUE",
    multiple=True,
    callback=parse_pairs,
    help="A setting, such as impersonation.ttl=60.  [env: MOCKIDP_<NAME>, or MOCKIDP_SET]",
)
@placeholder_option
@click.option(
    "--open",
    "open_page",
    is_flag=True,
    envvar="MOCKIDP_OPEN",
    help="Open the console in the browser.  [env: MOCKIDP_OPEN]",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    envvar="MOCKIDP_LOG_FORMAT",
    default="text",
    show_default=True,
    help="Format of the log on standard error, one line for each exchange."
    "  [env: MOCKIDP_LOG_FORMAT]",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    envvar="MOCKIDP_JSON",
    help="Print one line of JSON once the mock is ready.  [env: MOCKIDP_JSON]",
)
def serve(log_format: str, *, as_json: bool, open_page: bool, **options: object) -> None:
    """Serve a tenant on http and https.

    The tenant is read from FILE [env: MOCKIDP_TENANT_FILE], --tenant or --example; the FILE - is
    standard input. Without any of them, the tenant has three users and accepts any client. Press
    Ctrl-C to stop the mock.

    \b
    Examples:
      mockidp serve
      mockidp serve --example acme
      mockidp serve tenant.yaml --listen 18120 --open
      mockidp serve tenant.yaml --listen localhost:0 --no-tls --json
      mockidp serve tenant.yaml --set impersonation.ttl=600 --placeholder ENV=dev
    """
    from mockidp.cli.serving.logs import configure_logging

    configure_logging(log_format)
    context = click.get_current_context()
    drop_overridden(context, options)
    check_one_tenant(context, options)
    check_store(context, options)
    check_workers(context, options)
    is_default_data_dir = context.get_parameter_source("data_dir") is ParameterSource.DEFAULT
    settings = ServeOptions(
        **options,  # type: ignore[arg-type]  # click's options
        is_default_data_dir=is_default_data_dir,
        sources={name: source_of(context, name) for name in _NAMED},
        environment=settings_of(context.command, os.environ),
    )
    with stop_signals() as signals:
        run(settings, signals, as_json=as_json, open_page=open_page)
