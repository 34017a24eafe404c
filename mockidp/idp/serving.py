"""The server of a tenant: its lifecycle, its URLs, and its certificate authority."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from types import TracebackType
from typing import TYPE_CHECKING, Self
from weakref import finalize

from mockidp.errors import MockIdPError
from mockidp.frozen import replace
from mockidp.protocol.urls.origin import origin_of, split_host
from mockidp.server import Address, Server, parse_address
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app
from mockidp.web.control.guard import exposure_warning
from mockidp.web.tenants.router import TenantRouter

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from mockidp.tls import Authority


class ServerLifecycle:
    """A tenant that can be served, stopped and served again on the same ports.

    Attributes:
        tenant: The tenant's configuration and state.
        app: The tenant as a WSGI application, served or not.
    """

    def __init__(
        self, tenant: Tenant, *, listen: str, tls: bool, url: str | None, control_token: str | None
    ) -> None:
        self.tenant = tenant
        self._control_token = control_token or ""
        self._listen = parse_address(listen)
        self.app: WSGIApplication = self._make_app()
        self._tls_listen = [Address(host=self._listen.host)] if tls else []
        self._given_url = None if url is None else url.rstrip("/")
        self._server: Server | None = None
        self._last_url: str | None = None
        self._last_tls_url: str | None = None
        self._remove_files: Callable[[], object] | None = None
        self._authority: Authority | None = None

    def __repr__(self) -> str:
        at = self._given_url or self._last_url or "no URL"
        return f"<{type(self).__name__} at {at}{'' if self.is_served else ', not served'}>"

    def start(self) -> Self:
        """Serve in the background until `stop`. A later start uses the same ports.

        Raises:
            MockIdPError: It is already served, the port is in use, or a host name in the settings
                is not valid.
        """
        if self._server is not None:
            raise MockIdPError(f"The tenant is already served at {self._last_url}. Stop it first.")
        try:
            server = self._make_server()
            server.start()
        except BaseException:
            self._remove_authority()
            raise
        self._server = server
        self._last_url, self._last_tls_url = server.url, server.tls_url
        # A test can simulate an outage with stop and start.
        self._listen = replace(self._listen, port=server.port)
        self._tls_listen = [replace(one, port=server.tls_port or 0) for one in self._tls_listen]
        if warning := exposure_warning(
            [self._listen], self._control_token, remedy="Pass control_token"
        ):
            logging.getLogger("mockidp.control").warning(warning)
        return self

    def stop(self) -> None:
        """Stop serving, and cancel all faults except those of the settings. Can be called twice.

        The tenant, its journal and its URLs stay unchanged; the files of the CA are deleted.
        """
        self.tenant.faults.begin(self.tenant.settings.faults)  # delayed answers end at once
        server, self._server = self._server, None
        if server is not None:
            server.stop()
        self._remove_authority()

    @contextmanager
    def serve(self) -> Iterator[Self]:
        """Serve in a `with` block, as the object itself does as a context manager.

        Raises:
            MockIdPError: As for `start`.
        """
        with self:
            yield self

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def is_served(self) -> bool:
        """Whether the server is running."""
        return self._server is not None

    @property
    def url(self) -> str:
        """The tenant's URL, without a slash at the end.

        Raises:
            MockIdPError: It was never served, and no `url` was given.
        """
        url = self._given_url or self._last_url
        if url is None:
            raise MockIdPError(
                "The tenant has no URL before it is served. Use `with MockIdP() as idp:`, call "
                "start(), or pass url=."
            )
        return url

    @property
    def tls_url(self) -> str:
        """The tenant's URL for https, without a slash at the end.

        Raises:
            MockIdPError: https was never served.
        """
        if self._last_tls_url is None:
            raise MockIdPError(f"The tenant has no https URL. {self._how_to_get_https()}")
        return self._last_tls_url

    @property
    def ca_file(self) -> str:
        """The path of the CA's certificate as PEM, for NODE_EXTRA_CA_CERTS, which adds to roots.

        The file is in a temporary directory from start to stop.

        Raises:
            MockIdPError: https is not served.
        """
        return str(self._served_authority().ca_file)

    @property
    def bundle_file(self) -> str:
        """The path of the system's roots and the CA's, for SSL_CERT_FILE, which replaces roots.

        The file is in a temporary directory from start to stop.

        Raises:
            MockIdPError: https is not served.
        """
        return str(self._served_authority().bundle_file)

    @property
    def issuer(self) -> str:
        """The issuer for requests to `url`, with a slash at the end.

        Without the setting `issuer`, it follows the scheme and host of each request, so for
        requests to `tls_url` it is `tls_url` with a slash.
        """
        return self.tenant.issuer(self.url)

    def _served_authority(self) -> Authority:
        if self._authority is None:
            raise MockIdPError(f"There is no CA while https is off. {self._how_to_get_https()}")
        return self._authority

    def _how_to_get_https(self) -> str:
        return "Call start()." if self._tls_listen else "Pass tls=True."

    def _make_server(self) -> Server:
        if not self._tls_listen:
            return Server(self.app, listen=[self._listen])
        self._authority = authority = self._make_authority()
        app = self._make_app(authority.ca_pem.decode())
        server = Server(
            app,
            listen=[self._listen],
            tls_listen=self._tls_listen,
            tls_context=lambda: authority.ssl_context(app.client_roots()),
        )
        app.ports = server.ports
        return server

    def _make_app(self, ca_pem: str = "") -> TenantRouter:
        app = create_app(self.tenant, ca_pem=ca_pem, control_token=self._control_token)
        app.is_exposed = bool(exposure_warning([self._listen], self._control_token))
        return app

    def _make_authority(self) -> Authority:
        from mockidp.tls import Authority  # noqa: PLC0415 - only for https

        folder = mkdtemp(prefix="mockidp-")
        # Runs at the end of the process if `stop` is never called.
        self._remove_files = finalize(self, rmtree, folder, ignore_errors=True)
        return Authority.load_or_create(Path(folder), self._hosts())

    def _hosts(self) -> tuple[str, ...]:
        return (*self.tenant.settings.own_hosts, *self.tenant.directory.custom_domains)

    def _remove_authority(self) -> None:
        remove, self._remove_files, self._authority = self._remove_files, None, None
        if remove is not None:
            remove()


def host_of(url: str) -> str:
    """Return the host of a tenant's URL.

    Raises:
        MockIdPError: It is not an http(s) URL, or has a query or a fragment.
    """
    scheme, _, host = origin_of(url).partition("://")
    split = split_host(host)
    if scheme not in ("http", "https") or split is None or "?" in url or "#" in url:
        raise MockIdPError(f"url is {url!r}. Pass a URL such as https://acme.example.test.")
    return split[0]
