"""From what the command line asks for to a server: the tenant, its keys, its certificate."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockidp.cli.example import example_file
from mockidp.errors import MockIdPError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from mockidp.server import Address, Server
    from mockidp.tenant.document import TenantDocument
    from mockidp.tenant.tenant import Tenant
    from mockidp.tls import Authority

DEFAULT_TLS_LISTEN = "127.0.0.1:9443"


@dataclass(frozen=True, kw_only=True, slots=True)
class ServeOptions:
    """What the command line and the environment ask for."""

    listen: str
    data_dir: Path
    file: Path | None = None
    example: str | None = None
    tenant: str | None = None
    """The text of a tenant file."""
    tls_listen: str | None = None
    no_tls: bool = False
    issuer: str | None = None
    data_dir_is_ours: bool = False
    """Whether nobody named the data directory: then one that cannot be written is no mistake."""
    keys: str | None = None
    """A PEM file, or the text of one."""
    seed: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    """The settings of the environment."""
    placeholders: Mapping[str, str] = field(default_factory=dict)
    persist: bool = False
    control_token: str | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    """By which option or variable addresses and keys were given."""

    @property
    def tls_address(self) -> str:
        """Where to serve https."""
        return self.tls_listen or DEFAULT_TLS_LISTEN


def begin_making_keys(asked: ServeOptions) -> Callable[[], None]:
    """Make the signing keys while the web layer is imported; return what waits for them."""
    if asked.keys is not None:
        return lambda: None
    from mockidp.tenant.default_keys import make_private_keys

    thread = threading.Thread(target=make_private_keys, daemon=True)
    thread.start()
    return thread.join


def load_document(asked: ServeOptions) -> TenantDocument:
    """Load the tenant: defaults < tenant file < environment < flag."""
    return override(asked, _load(asked))


def override(asked: ServeOptions, document: TenantDocument) -> TenantDocument:
    """Return a document with the settings of the environment and of flags above its own."""
    flags = {**asked.settings, **({"issuer": asked.issuer} if asked.issuer else {})}
    if not flags and not asked.environment:
        return document  # most often nothing is overridden, and importing this takes 25 ms
    from mockidp.tenant.overrides import environment_name, settings_from

    settings = settings_from(document.mockidp, asked.environment, source_of=environment_name)
    return replace(document, mockidp=settings_from(settings, flags))


def _load(asked: ServeOptions) -> TenantDocument:
    if not asked.file and not asked.example and not asked.tenant:
        from mockidp.tenant.zero_config import ZERO_CONFIG

        return ZERO_CONFIG
    from mockidp.tenant.config.load import load_tenant, parse_tenant

    if asked.tenant:
        return parse_tenant(asked.tenant, source="MOCKIDP_TENANT", placeholders=asked.placeholders)
    path = asked.file or example_file(str(asked.example))
    return load_tenant(path, placeholders=asked.placeholders)


def load_authority(asked: ServeOptions, document: TenantDocument) -> Authority | None:
    """Load or make the certificate authority, or return None to serve http only."""
    if asked.no_tls:
        return None
    from mockidp.tls import Authority, UnusableDataDir

    hosts = document.mockidp.own_hosts
    try:
        authority = Authority.load_or_create(asked.data_dir, hosts)
    except UnusableDataDir:
        if not asked.data_dir_is_ours:
            raise
        click.echo(
            f"mockidp: {asked.data_dir.absolute()} cannot be written, so the CA for https lives as "
            "long as this process: get it from /_mockidp/ca.pem",
            err=True,
        )
        return Authority.in_memory(hosts)
    if authority.replaces:
        click.echo(
            f"mockidp: made a new CA for https, because {authority.replaces}. Clients that trusted "
            f"the old CA have to trust {authority.ca_file} now: restart programs that read that "
            "file, and import it again where you imported the old one",
            err=True,
        )
    return authority


def make_tenant(
    asked: ServeOptions, document: TenantDocument, keys_are_made: Callable[[], None]
) -> tuple[Tenant, AbstractContextManager[object]]:
    """Return the tenant, and a function that releases its data directory."""
    import mockidp.web.app  # noqa: F401 - 90 ms in which the keys are made
    from mockidp.tenant.tenant import Tenant

    keys_are_made()
    keys = _load_keys(asked, asked.keys) if asked.keys else ()
    if not asked.persist:
        tenant = Tenant(document, seed=asked.seed, private_keys=keys)
    else:
        from mockidp.tenant.persistence import persistent_tenant

        tenant = persistent_tenant(asked.data_dir, document, seed=asked.seed, private_keys=keys)
    tenant.override = partial(override, asked)
    return tenant, closing(tenant.backend)


def make_server(asked: ServeOptions, tenant: Tenant, authority: Authority | None) -> Server:
    """Return the server, not yet started."""
    from mockidp.server import Server
    from mockidp.web.app import create_app

    listen = [_address(asked, "listen", asked.listen)]
    tls_listen = [_address(asked, "tls_listen", asked.tls_address)] if authority else []
    app = create_app(
        tenant,
        ca_pem=authority.ca_pem.decode() if authority else "",
        control_token=asked.control_token or "",
    )
    server = Server(
        app,
        listen=listen,
        tls_listen=tls_listen,
        tls_context=authority.ssl_context() if authority else None,
    )
    app.ports = server.ports
    return server


@contextmanager
def ports_explained(asked: ServeOptions) -> Iterator[None]:
    """Say what is in the way, and what else to listen on, if a port is in use."""
    from mockidp.server.address import CannotListenError

    try:
        yield
    except CannotListenError as error:
        if not error.is_in_use:
            raise
        from mockidp.cli.port_in_use import explain_port_in_use

        raise explain_port_in_use(asked, error) from None


def _address(asked: ServeOptions, name: str, text: str) -> Address:
    """Parse an address. An error names the option or variable that it came from."""
    from mockidp.server import parse_address

    try:
        return parse_address(text)
    except MockIdPError as error:
        raise MockIdPError(f"{_said(asked, name)}: {error}") from None


def _beyond_loopback(*listening: Address) -> list[Address]:
    from mockidp.hosts import is_loopback

    return [one for one in listening if not is_loopback(one.host)]


def _reached_by_others(asked: ServeOptions) -> list[Address]:
    from mockidp.server import parse_address

    texts = [asked.listen] + ([asked.tls_listen] if asked.tls_listen else [])
    return _beyond_loopback(*map(parse_address, texts))


def warn_if_open(asked: ServeOptions) -> None:
    """Warn if other machines can control the mock without a token."""
    beyond = _reached_by_others(asked)
    if beyond and not asked.control_token:
        click.echo(
            f"mockidp: everybody who reaches {beyond[0]} can control this mock; set "
            "MOCKIDP_CONTROL_TOKEN to require a bearer token",
            err=True,
        )


def warn_if_pinned(asked: ServeOptions) -> None:
    """Say so where a variable pins the issuer of a mock for this machine alone.

    `mockidp env` exports it to apps, and a mock that is started in the same shell takes it, too.
    """
    issuer = asked.environment.get("issuer")
    is_overruled = asked.issuer or "issuer" in asked.settings
    if issuer and not is_overruled and not _reached_by_others(asked):
        click.echo(
            f"mockidp: MOCKIDP_ISSUER makes {issuer} the issuer for everyone; if it is only what "
            "`mockidp env` exports for apps, unset MOCKIDP_ISSUER",
            err=True,
        )


def _load_keys(asked: ServeOptions, keys: str) -> list[RSAPrivateKey]:
    """Load the keys of a PEM file, or of the text of one: a service starts before there are files.

    Raises:
        MockIdPError: There are none, or none that can be used.
    """
    from mockidp.protocol.keys import load_private_keys

    if keys.lstrip().startswith("-----BEGIN"):
        return load_private_keys(keys.encode(), source=_said(asked, "keys"))
    try:
        return load_private_keys(Path(keys).read_bytes(), source=keys)
    except OSError as error:
        raise MockIdPError(f"{keys}: cannot be read: {error.strerror}") from None


def _said(asked: ServeOptions, name: str) -> str:
    return asked.said.get(name, name)
