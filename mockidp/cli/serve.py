"""`mockidp serve`: the tenant, on http and https, until it is told to stop."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from mockidp.cli.example import EXAMPLES, example_file
from mockidp.cli.options import data_dir_option, parse_pairs, placeholder_option
from mockidp.errors import MockIdPError

if TYPE_CHECKING:
    from mockidp.server import Server
    from mockidp.tenant.document import TenantDocument
    from mockidp.tls import Authority

DEFAULT_TLS_LISTEN = "localhost:9443"
ENVIRONMENT_PREFIX = "MOCKIDP_"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the command line and the environment ask for."""

    file: Path | None
    example: str | None
    listen: str
    tls_listen: str | None
    no_tls: bool
    issuer: str | None
    data_dir: Path
    keys: Path | None
    seed: int | None
    settings: Mapping[str, str]
    placeholders: Mapping[str, str]


@click.command()
@click.argument(
    "file", required=False, type=click.Path(path_type=Path), envvar="MOCKIDP_TENANT_FILE"
)
@click.option(
    "--example",
    type=click.Choice(EXAMPLES),
    envvar="MOCKIDP_EXAMPLE",
    help="Serve an example tenant.  [env: MOCKIDP_EXAMPLE]",
)
@click.option(
    "--listen",
    envvar="MOCKIDP_LISTEN",
    default="localhost:9400",
    show_default=True,
    metavar="HOST:PORT",
    help="Where to serve http; localhost is 127.0.0.1 and ::1, port 0 any free one."
    "  [env: MOCKIDP_LISTEN]",
)
@click.option(
    "--tls-listen",
    envvar="MOCKIDP_TLS_LISTEN",
    metavar="HOST:PORT",
    help="Where to serve https.  [env: MOCKIDP_TLS_LISTEN; default: localhost:9443]",
)
@click.option("--no-tls", is_flag=True, envvar="MOCKIDP_NO_TLS", help="Serve http only.")
@click.option("--issuer", metavar="URL", help="The issuer for everyone.  [env: MOCKIDP_ISSUER]")
@data_dir_option
@click.option(
    "--keys",
    envvar="MOCKIDP_KEYS",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="PEM file with the RSA keys to sign with, the current one first.  [env: MOCKIDP_KEYS]",
)
@click.option(
    "--seed",
    type=int,
    envvar="MOCKIDP_SEED",
    help="Make ids, codes and tokens repeatable.  [env: MOCKIDP_SEED]",
)
@click.option(
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    callback=parse_pairs,
    help="A setting, such as impersonation.ttl=60.  [env: MOCKIDP_<NAME>, one for each]",
)
@placeholder_option
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    envvar="MOCKIDP_LOG_FORMAT",
    default="text",
    show_default=True,
    help="One line for each exchange, on standard error.  [env: MOCKIDP_LOG_FORMAT]",
)
@click.option("--json", "as_json", is_flag=True, help="Once ready, print one line of JSON.")
def serve(log_format: str, *, as_json: bool, **asked: object) -> None:
    """Serve a tenant on http and https.

    It is what FILE says, or an example, or without either one with three users that takes any
    client. Ctrl-C ends it.

    \b
    Examples:
      mockidp serve
      mockidp serve --example acme
      mockidp serve tenant.yaml --listen localhost:0 --no-tls --json
      mockidp serve tenant.yaml --set impersonation.ttl=600 --placeholder ENV=dev
    """
    from mockidp.cli.logs import configure_logging

    configure_logging(log_format)
    with _signals() as told_to_stop:
        _run(Asked(**asked), told_to_stop, as_json=as_json)  # type: ignore[arg-type]  # click's options


@contextmanager
def _signals() -> Iterator[Callable[[], object]]:
    """Return what waits for Ctrl-C or SIGTERM, which end the process in no other way."""
    told: SimpleQueue[int] = SimpleQueue()  # a signal may come while it is used, unlike an Event
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda number, _frame: told.put(number)) for number in numbers]
    try:
        yield told.get
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _run(asked: Asked, told_to_stop: Callable[[], object], *, as_json: bool) -> None:
    """Serve until told to stop; print where, once every port answers."""
    keys_are_made = _begin_making_keys(asked)
    document = _document(asked)
    authority = _authority(asked, document)
    with _server(asked, document, authority, keys_are_made) as server:
        issuer = (document.mockidp.issuer or server.tls_url or server.url).rstrip("/") + "/"
        ready = {
            "url": server.url,
            "tls_url": server.tls_url,
            "issuer": issuer,
            "ca_file": str(authority.ca_file) if authority else None,
            "pid": os.getpid(),
        }
        if as_json:
            click.echo(json.dumps(ready))
        else:
            from mockidp.cli.banner import banner

            shown = banner(
                document,
                url=server.url,
                tls_url=server.tls_url,
                issuer=issuer,
                data_dir=asked.data_dir if authority else None,
            )
            click.echo(shown)
        told_to_stop()


def _begin_making_keys(asked: Asked) -> Callable[[], None]:
    """Make the signing keys while Flask is being imported; return what waits for them."""
    if asked.keys is not None:
        return lambda: None
    from mockidp.tenant.premade_keys import make_private_keys

    thread = threading.Thread(target=make_private_keys, daemon=True)
    thread.start()
    return thread.join


def _document(asked: Asked) -> TenantDocument:
    """Load the tenant: defaults < tenant file < environment < flag."""
    document = _load(asked)
    flags = {**asked.settings, **({"issuer": asked.issuer} if asked.issuer else {})}
    if not flags and not any(name.startswith(ENVIRONMENT_PREFIX) for name in os.environ):
        return document  # most often nothing is overridden, and importing this takes 25 ms
    from mockidp.tenant.overrides import environment_name, setting_names, settings_from

    environment = {
        name: os.environ[environment_name(name)]
        for name in setting_names()
        if environment_name(name) in os.environ
    }
    settings = settings_from(document.mockidp, environment, source_of=environment_name)
    return replace(document, mockidp=settings_from(settings, flags))


def _load(asked: Asked) -> TenantDocument:
    if asked.file is not None and asked.example is not None:
        raise click.UsageError("FILE and --example name two tenants; give one")
    if asked.file is None and asked.example is None:
        from mockidp.tenant.zero_config import ZERO_CONFIG

        return ZERO_CONFIG
    from mockidp.tenant.config import load_tenant

    path = asked.file or example_file(str(asked.example))
    return load_tenant(path, placeholders=asked.placeholders)


def _authority(asked: Asked, document: TenantDocument) -> Authority | None:
    """Load or make the certificate authority, or return None to serve http only."""
    if asked.no_tls:
        if asked.tls_listen:
            raise click.UsageError("--no-tls and --tls-listen contradict each other; give one")
        return None
    if asked.tls_listen is None and find_spec("trustme") is None:
        click.echo("mockidp: https is off; it needs pip install 'mockidp-server[tls]'", err=True)
        return None
    from mockidp.tls import Authority

    settings = document.mockidp
    issuer_host = urlsplit(settings.issuer or "").hostname
    hosts = (*settings.hosts, *([issuer_host] if issuer_host else []))
    return Authority.load_or_create(asked.data_dir, hosts)


def _server(
    asked: Asked,
    document: TenantDocument,
    authority: Authority | None,
    keys_are_made: Callable[[], None],
) -> Server:
    from mockidp.protocol.keys import load_private_keys
    from mockidp.server import Server, parse_address
    from mockidp.tenant.tenant import Tenant
    from mockidp.web.app import create_app

    keys_are_made()
    keys = load_private_keys(_read(asked.keys), source=str(asked.keys)) if asked.keys else ()
    tenant = Tenant(document, seed=asked.seed, private_keys=keys)
    app = create_app(tenant, ca_pem=authority.ca_pem.decode() if authority else "")
    return Server(
        app,
        listen=[parse_address(asked.listen)],
        tls_listen=[parse_address(asked.tls_listen or DEFAULT_TLS_LISTEN)] if authority else [],
        tls_context=authority.ssl_context() if authority else None,
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MockIdPError(f"{path}: cannot be read: {error.strerror}") from None
