"""`MockIdP`: a tenant, its server and every verb of a test, in Python."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mockidp.errors import MockIdPError
from mockidp.flows.testing import records, sign_in
from mockidp.flows.testing.link import make_impersonation_link
from mockidp.flows.testing.mint import mint_access_token
from mockidp.protocol.client import Client
from mockidp.protocol.keys import load_private_keys
from mockidp.protocol.resource_server import ResourceServer
from mockidp.protocol.user import User
from mockidp.server import Server, parse_address
from mockidp.tenant.clock import Clock
from mockidp.tenant.config import load_tenant, plain, structure_tenant
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.faults import ActiveFault, Fault, FaultPlan
from mockidp.tenant.journal import Journal
from mockidp.tenant.snapshot import Snapshot
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.zero_config import ZERO_CONFIG
from mockidp.web.app import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TenantSource = str | os.PathLike[str] | Mapping[str, Any] | TenantDocument | Tenant


class MockIdP:
    """A tenant that an app under test logs users in against.

    Args:
        tenant: A tenant file's path, what would stand in one, or a tenant; by default the
            lenient one with the users alice, bob and admin, which takes any client.
        settings: Settings that override the tenant's, as they stand below `mockidp:`.
        seed: Makes ids, codes and tokens repeatable.
        keys: PEM text or a file of the RSA keys to sign with, in the order of their rotation.
        listen: Where `serve` speaks http.
        tls: Whether it speaks https, too.
        url: The tenant's URL while nothing is served.
    """

    def __init__(
        self,
        tenant: TenantSource | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
        seed: int | None = None,
        keys: str | bytes | os.PathLike[str] | None = None,
        listen: str = "localhost:0",
        tls: bool = False,
        url: str | None = None,
    ) -> None:
        self.tenant = _make_tenant(tenant, settings or {}, seed, keys)
        self._url = url
        self._listen = parse_address(listen)
        self._tls = tls
        self._server: Server | None = None
        self._data_dir: TemporaryDirectory[str] | None = None
        self.app: WSGIApplication = create_app(self.tenant)

    # --- serving ---

    def start(self) -> Self:
        """Serve in the background until `stop`."""
        server = Server(self.app, listen=[self._listen])
        server.start()
        self._server = server
        return self

    def stop(self) -> None:
        """Serve no more; what a fault holds back is let go."""
        server, self._server = self._server, None
        self.tenant.faults.clear()
        if server is not None:
            server.stop()

    @contextmanager
    def serve(self) -> Iterator[Self]:
        """Serve while a `with` block runs."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

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
    def url(self) -> str:
        """The tenant's URL, without a slash at its end."""
        if self._url is not None:
            return self._url
        if self._server is not None:
            return self._server.url
        raise MockIdPError(
            "nothing is served yet: use `with MockIdP() as idp:`, call start(), or give url="
        )

    @property
    def issuer(self) -> str:
        """The tenant's issuer, with a slash at its end."""
        return self.tenant.issuer(self.url)

    # --- who and what there is ---

    def add_user(self, name: str, **fields: Any) -> User:
        """Add a user, or replace it."""
        return records.add_user(self.tenant, name, fields)

    def add_client(self, client_id: str, **fields: Any) -> Client:
        """Add a client, or replace it."""
        return records.add_client(self.tenant, client_id, fields)

    def add_api(self, identifier: str, **fields: Any) -> ResourceServer:
        """Add an API, or replace it."""
        return records.add_api(self.tenant, identifier, fields)

    # --- without a flow ---

    def sign_in_as(self, user: str, *, client: str | None = None) -> None:
        """Let a user sign in at the next `/authorize`, without a page."""
        sign_in.sign_in_as(self.tenant, user, client=client)

    def access_token(
        self,
        *,
        audience: str | None = None,
        scope: str | None = None,
        user: str | None = None,
        client: str | None = None,
    ) -> str:
        """Return an access token."""
        return mint_access_token(
            self.tenant, self.url, audience=audience, scope=scope, user=user, client=client
        ).access_token

    def impersonation_link(self, user: str, **fields: Any) -> str:
        """Return a link that logs an admin in as a user."""
        return make_impersonation_link(self.tenant, self.url, user, **fields).url

    # --- what goes wrong, when, and what came of it ---

    def fault(self, where: str, **words: Any) -> ActiveFault:
        """Let something go wrong."""
        return self.tenant.faults.add(Fault(where=where, **words))

    @property
    def faults(self) -> FaultPlan:
        """What is to go wrong."""
        return self.tenant.faults

    @property
    def clock(self) -> Clock:
        """The tenant's time."""
        return self.tenant.clock

    @property
    def journal(self) -> Journal:
        """The last exchanges."""
        return self.tenant.journal

    def rotate_keys(self) -> str:
        """Sign with the next key from now on; return its `kid`."""
        return self.tenant.rotate_keys()

    def reset(self) -> None:
        """Be as at the start."""
        self.tenant.reset()

    def snapshot(self) -> Snapshot:
        """Return what the tenant is now."""
        return self.tenant.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Be what the tenant was at an earlier moment."""
        self.tenant.restore(snapshot)


def _make_tenant(
    source: TenantSource | None,
    settings: Mapping[str, Any],
    seed: int | None,
    keys: str | bytes | os.PathLike[str] | None,
) -> Tenant:
    if isinstance(source, Tenant):
        return source
    document = _document(source)
    if settings:
        said = plain(document)
        said["mockidp"] = {**said.get("mockidp", {}), **settings}
        document = structure_tenant(said, source="settings")
    return Tenant(document, seed=seed, private_keys=_private_keys(keys))


def _document(source: TenantSource | None) -> TenantDocument:
    if source is None:
        return ZERO_CONFIG
    if isinstance(source, TenantDocument):
        return source
    if isinstance(source, Mapping):
        return structure_tenant(source)
    return load_tenant(Path(source))  # type: ignore[arg-type]


def _private_keys(keys: str | bytes | os.PathLike[str] | None) -> Sequence[Any]:
    if keys is None:
        return ()
    return load_private_keys(Path(os.fsdecode(keys)).read_bytes(), source=str(keys))
