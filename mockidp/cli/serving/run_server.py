"""Run the server of `mockidp serve` until a signal stops it."""

from __future__ import annotations

import gc
import json
import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import click

from mockidp.cli.serving.options import ServeOptions
from mockidp.cli.serving.start import (
    explain_ports_in_use,
    load_authority,
    load_document,
    make_server,
    make_tenant,
    start_making_keys,
    warn_if_exposed,
    warn_if_pinned,
)

if TYPE_CHECKING:
    from mockidp.server import Server
    from mockidp.tenant.tenant import Tenant
    from mockidp.tls import Authority


def run(options: ServeOptions, signals: socket.socket, *, as_json: bool, open_page: bool) -> None:
    """Serve until stopped. Print the URLs once every port answers.

    Args:
        options: What to serve.
        signals: Becomes readable with a signal that stops the server.
        as_json: Whether to print a line of JSON instead of the banner.
        open_page: Whether to open the console in the browser.
    """
    wait_for_keys = start_making_keys(options)
    document = load_document(options)
    authority = load_authority(options, document)
    tenant, backend = make_tenant(options, document, wait_for_keys)
    with backend, explain_ports_in_use(options):
        server = make_server(options, tenant, authority)

        gc.freeze()  # what exists by now stays, so collections need not look at it

        def announce() -> None:
            click.echo(_ready(options, server, tenant, authority, as_json=as_json))
            warn_if_exposed(options)
            warn_if_pinned(options)
            if open_page:
                from mockidp.cli.calls.browser import open_console

                open_console(tenant.browser_url(server.url))

        def serving() -> AbstractContextManager[None]:
            return _serving(server, tenant)

        if options.workers > 1:
            from mockidp.cli.serving.workers.supervisor import Supervisor

            with _bound(server):
                tenant.backend.close()  # each worker has its own connections
                Supervisor(options.workers, serving, signals).run(announce)
        else:
            with serving():
                announce()
                signals.recv(1)


@contextmanager
def _serving(server: Server, tenant: Tenant) -> Iterator[None]:
    with server:
        yield
    tenant.metrics.publish()


@contextmanager
def _bound(server: Server) -> Iterator[None]:
    server.bind()
    try:
        yield
    finally:
        server.stop()


def _ready(
    options: ServeOptions,
    server: Server,
    tenant: Tenant,
    authority: Authority | None,
    *,
    as_json: bool,
) -> str:
    """Return the banner, or a line of JSON."""
    document = tenant.document
    issuer = (document.mockidp.issuer or server.url).rstrip("/") + "/"
    has_ca_file = authority is not None and authority.ca_file
    if as_json:
        return json.dumps(
            {
                "url": server.url,
                "tls_url": server.tls_url,
                "issuer": issuer,
                "ca_file": str(authority.ca_file) if authority and authority.ca_file else None,
                "pid": os.getpid(),
            }
        )
    from mockidp.cli.serving.banner import banner

    return banner(
        document,
        url=server.url,
        tls_url=server.tls_url,
        issuer=issuer,
        browser_url=tenant.browser_url(server.url),
        data_dir=options.data_dir if has_ca_file else None,
    )
