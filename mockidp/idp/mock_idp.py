"""`MockIdP`: a tenant, its server and all test methods, in Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from mockidp.errors import MockIdPError
from mockidp.faults import ActiveFault, Fault, FaultContext, FaultPlan
from mockidp.flows.sessions.session import end_expired_sessions
from mockidp.frozen import replace
from mockidp.idp.records import LocalRecords
from mockidp.idp.serving import ServerLifecycle, host_of
from mockidp.protocol.tokens.token_exchange import Decider
from mockidp.tenant.clock import Clock
from mockidp.tenant.journal.journal import Journal
from mockidp.tenant.outbox import Outbox
from mockidp.tenant.source import KeySource, TenantSource, make_tenant
from mockidp.testing.method import Method
from mockidp.testing.signatures.tenant import TenantMethods
from mockidp.testing.words import SettingsFields

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from mockidp.in_process.transport import Transport

__all__ = ["KeySource", "MockIdP", "TenantSource"]

P = TypeVar("P")
A = TypeVar("A")
Q = TypeVar("Q", bound="DataclassInstance")


class MockIdP(ServerLifecycle, LocalRecords, TenantMethods[ActiveFault]):
    """A tenant at which an app under test logs users in.

    Serve it with a `with` block, or with `start` and `stop`. Its `app` is a WSGI application that
    works without a server.

    Attributes:
        tenant: The tenant's configuration and state.
        app: The tenant as a WSGI application.
    """

    def __init__(
        self,
        tenant: TenantSource | None = None,
        *,
        settings: SettingsFields | None = None,
        seed: int | None = None,
        keys: KeySource | None = None,
        listen: str = "localhost:0",
        tls: bool = False,
        url: str | None = None,
        control_token: str | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> None:
        """Create a tenant. It is not served yet.

        Args:
            tenant: The path of a tenant file or of a directory that the Deploy CLI exported, the
                content of such a file, or a `Tenant`. By default it is the lenient tenant with
                the users alice, bob and admin, which accepts any client.
            settings: Settings that override the tenant's, as below `mockidp:` in a tenant file.
            seed: Makes codes, tokens, ids and the probability of faults repeatable. With `keys`
                and a frozen clock, signatures with RS256 and HS256 are repeatable as well.
            keys: The RSA keys to sign with, in the order of their rotation: PEM text, or the
                path of a file. By default new ones are made.
            listen: The address for http, as `HOST:PORT`; port 0 selects a free port.
            tls: Whether to serve https as well, on a free port, with a certificate of its own.
            url: The URL that clients use for the tenant, if it is not the address it listens on.
                Requests for its host are accepted, unless the tenant is a `Tenant`, whose setting
                `hosts` applies.
            control_token: The bearer token that the control API requires. Set it if `listen` is not
                on loopback, since others can control the mock otherwise.
            placeholders: Values for the Deploy CLI's `##KEY##` and `@@KEY@@` in a tenant file.

        Raises:
            MockIdPError: The tenant, settings, keys, address or URL cannot be used.
            TypeError: The tenant or the keys have an unsupported type; settings, seed, keys or
                placeholders are given for a `Tenant`, which has its own; or placeholders are given
                for something other than a file.
        """
        hosts = [] if url is None else [host_of(url)]
        own = make_tenant(
            tenant,
            settings=settings,
            seed=seed,
            keys=keys,
            hosts=hosts,
            placeholders=placeholders,
        )
        super().__init__(own, listen=listen, tls=tls, url=url, control_token=control_token)
        own.clock.on_change = partial(end_expired_sessions, own)

    def _call(self, method: Method[P, A], parameters: P, /) -> A:
        return method.function(self, parameters)

    def _call_and_wait(self, method: Method[Q, A], parameters: Q, timeout: float, /) -> A:
        return method.function(self, replace(parameters, wait_seconds=timeout))

    def _add_fault(
        self, fault: Fault, predicate: Callable[[FaultContext], bool] | None, /
    ) -> ActiveFault:
        return self.tenant.faults.add(fault, predicate)

    def _decide_with(self, profile: str, decide: Decider, /) -> None:
        known = self.tenant.directory.token_exchange_profiles
        if profile not in known:
            raise MockIdPError(
                f"No token exchange profile has the name {profile!r}. Known: "
                f"{', '.join(known) or 'none'}. Add it with add_token_exchange_profile."
            )
        self.tenant.deciders[profile] = decide

    @property
    def faults(self) -> FaultPlan:
        """The active faults, in the order in which they were added."""
        return self.tenant.faults

    @property
    def clock(self) -> Clock:
        """The tenant's clock, which tests can freeze, set and advance."""
        return self.tenant.clock

    @property
    def journal(self) -> Journal:
        """The last exchanges, and queries over them."""
        return self.tenant.journal

    @property
    def outbox(self) -> Outbox:
        """The e-mails and text messages that Auth0 would have sent."""
        return self.tenant.outbox

    def transport(self) -> Transport:
        """Return a transport for httpx clients, sync and async, that stays in this process.

        `httpx.Client(transport=idp.transport(), base_url=idp.url)` sends all requests to the
        tenant; `httpx.Client(mounts={"https://acme.eu.auth0.com": idp.transport()})` only those to
        one domain. The tenant need not be served and needs no `url`: it answers to every host.

        Raises:
            MockIdPError: httpx is not installed.
        """
        try:
            from mockidp.in_process.transport import Transport  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise MockIdPError(
                f"transport() needs the package httpx ({error}): "
                "pip install 'mockidp-server[httpx]'"
            ) from error
        return Transport(self.app, self.tenant)
