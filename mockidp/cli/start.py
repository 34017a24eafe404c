"""From what the command line asks for to a server: the tenant, its keys, its certificate."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from mockidp.cli.example import example_file
from mockidp.errors import MockIdPError

if TYPE_CHECKING:
    from mockidp.server import Address, Server
    from mockidp.tenant.document import TenantDocument
    from mockidp.tenant.tenant import Tenant
    from mockidp.tls import Authority

DEFAULT_TLS_LISTEN = "127.0.0.1:9443"
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
    persist: bool = False
    control_token: str | None = None


def begin_making_keys(asked: Asked) -> Callable[[], None]:
    """Make the signing keys while Flask is being imported; return what waits for them."""
    if asked.keys is not None:
        return lambda: None
    from mockidp.tenant.premade_keys import make_private_keys

    thread = threading.Thread(target=make_private_keys, daemon=True)
    thread.start()
    return thread.join


def load_document(asked: Asked) -> TenantDocument:
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
    from mockidp.tenant.config.load import load_tenant

    path = asked.file or example_file(str(asked.example))
    return load_tenant(path, placeholders=asked.placeholders)


def load_authority(asked: Asked, document: TenantDocument) -> Authority | None:
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


def make_tenant(
    asked: Asked, document: TenantDocument, keys_are_made: Callable[[], None]
) -> tuple[Tenant, AbstractContextManager[object]]:
    """Return the tenant, and what lets go of its data directory once it is served no more."""
    import mockidp.web.app  # noqa: F401 - 90 ms in which the keys are made
    from mockidp.protocol.keys import load_private_keys
    from mockidp.tenant.tenant import Tenant

    keys_are_made()
    keys = load_private_keys(_read(asked.keys), source=str(asked.keys)) if asked.keys else ()
    tenant = Tenant(document, seed=asked.seed, private_keys=keys)
    if not asked.persist:
        return tenant, nullcontext()
    from mockidp.tenant.disk import Disk
    from mockidp.tenant.persistence import persist

    with ExitStack() as kept:
        disk = Disk(asked.data_dir)
        kept.callback(disk.close)
        persist(tenant, disk, private_keys=keys)
        return tenant, kept.pop_all()


def make_server(asked: Asked, tenant: Tenant, authority: Authority | None) -> Server:
    """Return the server, not yet started."""
    from mockidp.server import Server, parse_address
    from mockidp.web.app import create_app

    listen = [parse_address(asked.listen)]
    tls_listen = [parse_address(asked.tls_listen or DEFAULT_TLS_LISTEN)] if authority else []
    app = create_app(
        tenant,
        ca_pem=authority.ca_pem.decode() if authority else "",
        control_token=(asked.control_token or "") if _beyond_loopback(*listen, *tls_listen) else "",
    )
    return Server(
        app,
        listen=listen,
        tls_listen=tls_listen,
        tls_context=authority.ssl_context() if authority else None,
    )


def _beyond_loopback(*listening: Address) -> list[Address]:
    from mockidp.protocol.origin import is_loopback

    return [one for one in listening if not is_loopback(one.host)]


def warn_if_open(asked: Asked) -> None:
    """Say so where others than this machine can steer the mock, and nothing is demanded of them."""
    from mockidp.server import parse_address

    texts = [asked.listen] + ([asked.tls_listen] if asked.tls_listen else [])
    beyond = _beyond_loopback(*map(parse_address, texts))
    if beyond and not asked.control_token:
        click.echo(
            f"mockidp: whoever reaches {beyond[0]} can steer this mock: set "
            "MOCKIDP_CONTROL_TOKEN to demand a bearer token",
            err=True,
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MockIdPError(f"{path}: cannot be read: {error.strerror}") from None
