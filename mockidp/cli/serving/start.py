"""Make tenant, keys, certificate authority and server from the options of `mockidp serve`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockidp.cli.serving.example import example_file
from mockidp.cli.serving.options import ServeOptions
from mockidp.errors import MockIdPError
from mockidp.frozen import replace

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from mockidp.server import Address, Server
    from mockidp.tenant.content.document import TenantDocument
    from mockidp.tenant.tenant import Tenant
    from mockidp.tls import Authority

_FINISH = 5.0
"""Seconds that requests may still take when workers are stopped. They wait for Redis, and for each
other."""


def start_making_keys(options: ServeOptions) -> Callable[[], None]:
    """Start a thread that makes the signing keys while the web layer is imported.

    Returns a function that waits for them.
    """
    if options.keys is not None:
        return lambda: None
    from mockidp.tenant.keys.default_keys import make_private_keys

    thread = threading.Thread(target=make_private_keys, daemon=True)
    thread.start()
    return thread.join


def load_document(options: ServeOptions) -> TenantDocument:
    """Load the tenant. Settings: defaults < tenant file < environment < option."""
    return override(options, _load(options))


def override(options: ServeOptions, document: TenantDocument) -> TenantDocument:
    """Override the settings of a document with those of the environment and of options."""
    flags = {**options.settings, **({"issuer": options.issuer} if options.issuer else {})}
    if not flags and not options.environment:
        return document  # the import below takes 25 ms
    from mockidp.tenant.content.overrides import environment_name, settings_from

    settings = settings_from(document.mockidp, options.environment, source_of=environment_name)
    settings = settings_from(settings, flags, source_of=partial(_source_of_flag, options))
    overridden = replace(document, mockidp=settings)
    if document.custom_domains:
        from mockidp.tenant.config.domain_rules import check_settings

        check_settings(overridden, source="settings of the command line and the environment")
    return overridden


def _source_of_flag(options: ServeOptions, name: str) -> str:
    return options.source(name) if options.issuer and name == "issuer" else "--set"


def _load(options: ServeOptions) -> TenantDocument:
    if not options.file and not options.example and not options.tenant:
        from mockidp.tenant.content.zero_config import ZERO_CONFIG

        return ZERO_CONFIG
    if options.tenant:
        from mockidp.tenant.config.load import parse_tenant

        return parse_tenant(
            options.tenant, source=options.source("tenant"), placeholders=options.placeholders
        )
    from mockidp.cli.tenant_file import load_file

    path = options.file or example_file(str(options.example))
    return load_file(path, options.placeholders)


def load_authority(options: ServeOptions, document: TenantDocument) -> Authority | None:
    """Load or make the certificate authority, or return None to serve http only."""
    if options.no_tls:
        return None
    from mockidp.tls import Authority, UnusableDataDir

    hosts = document.hosts
    try:
        authority = Authority.load_or_create(options.data_dir, hosts)
    except UnusableDataDir:
        if not options.is_default_data_dir:
            raise
        click.echo(
            f"mockidp: {options.data_dir.absolute()} is not writable, so the CA for https is lost "
            "when this process ends. Download it from /_mockidp/ca.pem",
            err=True,
        )
        return Authority.in_memory(hosts)
    if authority.replaces:
        click.echo(
            f"mockidp: made a new CA for https, because {authority.replaces}. Clients that trusted "
            f"the old CA now have to trust {authority.ca_file}. Restart programs that read that "
            "file, and import it again where you imported the old one",
            err=True,
        )
    return authority


def make_tenant(
    options: ServeOptions, document: TenantDocument, wait_for_keys: Callable[[], None]
) -> tuple[Tenant, AbstractContextManager[object]]:
    """Return the tenant, and a context manager that closes its storage."""
    import mockidp.web.app  # noqa: F401 - takes 90 ms, while the keys are made
    from mockidp.tenant.tenant import Tenant

    wait_for_keys()
    keys = _load_keys(options, options.keys) if options.keys else ()
    if options.store:
        tenant = _shared_tenant(options, document, keys)
    elif not options.persist:
        tenant = Tenant(document, seed=options.seed, private_keys=keys)
    else:
        from mockidp.tenant.state.persistence import persistent_tenant

        tenant = persistent_tenant(options.data_dir, document, seed=options.seed, private_keys=keys)
    tenant.override = partial(override, options)
    return tenant, closing(tenant.backend)


def _shared_tenant(
    options: ServeOptions, document: TenantDocument, keys: Sequence[RSAPrivateKey]
) -> Tenant:
    try:
        from mockidp.tenant.shared.tenant import shared_tenant
    except ModuleNotFoundError:
        raise MockIdPError(
            '--store needs the package redis. Install it with: pip install "mockidp-server[redis]"'
        ) from None
    return shared_tenant(str(options.store), document, seed=options.seed, private_keys=keys)


def make_server(options: ServeOptions, tenant: Tenant, authority: Authority | None) -> Server:
    """Return the server, not started yet."""
    from mockidp.server import Server, Timeouts
    from mockidp.web.app import create_app
    from mockidp.web.control.guard import exposure_warning

    listen = [_address(options, "listen", options.listen)]
    tls_listen = [_address(options, "tls_listen", options.tls_address)] if authority else []
    app = create_app(
        tenant,
        ca_pem=authority.ca_pem.decode() if authority else "",
        control_token=options.control_token or "",
    )
    server = Server(
        app,
        listen=listen,
        tls_listen=tls_listen,
        tls_context=((lambda: authority.ssl_context(app.client_roots())) if authority else None),
        timeouts=Timeouts(finish=_FINISH) if options.workers > 1 else None,
    )
    app.ports = server.ports
    app.is_exposed = bool(exposure_warning(_listening(options), options.control_token))
    return server


@contextmanager
def explain_ports_in_use(options: ServeOptions) -> Iterator[None]:
    """If a port is in use, name the program, and suggest another port."""
    from mockidp.server.address import CannotListenError

    try:
        yield
    except CannotListenError as error:
        if not error.is_in_use:
            raise
        from mockidp.cli.serving.port_in_use import explain_port_in_use

        raise explain_port_in_use(options, error) from None


def _address(options: ServeOptions, name: str, text: str) -> Address:
    """Parse an address. An error names the option or variable."""
    from mockidp.server import parse_address

    try:
        return parse_address(text)
    except MockIdPError as error:
        raise MockIdPError(f"{options.source(name)}: {error}") from None


def _listening(options: ServeOptions) -> list[Address]:
    """Return the addresses that the user chose. The default for https is always on loopback."""
    from mockidp.server import parse_address

    return [parse_address(text) for text in (options.listen, options.tls_listen) if text]


def warn_if_exposed(options: ServeOptions) -> None:
    """Warn if other machines can control the mock without a token."""
    from mockidp.web.control.guard import exposure_warning

    if warning := exposure_warning(_listening(options), options.control_token):
        click.echo(f"mockidp: {warning}", err=True)


def warn_if_pinned(options: ServeOptions) -> None:
    """Warn if a variable pins the issuer of a mock on loopback.

    `mockidp env` exports the variable for apps, and a mock started in the same shell reads it too.
    """
    from mockidp.hosts import is_loopback

    issuer = options.environment.get("issuer")
    is_overridden = options.issuer or "issuer" in options.settings
    is_local = all(is_loopback(one.host) for one in _listening(options))
    if issuer and not is_overridden and is_local:
        click.echo(
            f"mockidp: MOCKIDP_ISSUER sets the issuer {issuer} for every client. If the variable "
            "comes from `mockidp env`, which exports it for apps, unset it",
            err=True,
        )


def _load_keys(options: ServeOptions, keys: str) -> list[RSAPrivateKey]:
    """Load the keys of a PEM file, or of its text. CI services start before files exist.

    Raises:
        MockIdPError: There is no usable key.
    """
    from mockidp.protocol.tokens.keys import load_private_keys

    if keys.lstrip().startswith("-----BEGIN"):
        return load_private_keys(keys.encode(), source=options.source("keys"))
    try:
        return load_private_keys(Path(keys).read_bytes(), source=keys)
    except OSError as error:
        raise MockIdPError(f"{keys}: cannot be read: {error.strerror}") from None
