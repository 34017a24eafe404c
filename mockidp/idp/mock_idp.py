"""`MockIdP`: a tenant, its server and every verb of a test, in Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Unpack

from mockidp.errors import MockIdPError
from mockidp.faults import ActiveFault, FaultContext, FaultPlan
from mockidp.idp.serving import host_of
from mockidp.idp.token_methods import TokenMethods
from mockidp.tenant.clock import Clock
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.journal import Journal
from mockidp.tenant.snapshot import Snapshot, check_snapshot
from mockidp.tenant.source import KeySource, TenantSource, make_tenant
from mockidp.testing import sign_in
from mockidp.testing.assertions import Assertions
from mockidp.testing.explain import Explanation, explain
from mockidp.testing.unblock import unblock
from mockidp.testing.words import (
    FaultWords,
    Place,
    SettingsFields,
    WhenFields,
)

if TYPE_CHECKING:
    from mockidp.in_process.transport import Transport

__all__ = ["KeySource", "MockIdP", "TenantSource"]


class MockIdP(TokenMethods, Assertions):
    """A tenant that an app under test logs users in against.

    It is served while a `with` block runs, or from `start` to `stop`; its `app` answers as WSGI
    without that.

    Attributes:
        tenant: What the tenant knows and remembers.
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
        placeholders: Mapping[str, str] | None = None,
    ) -> None:
        """Make it; nothing is served yet.

        Args:
            tenant: The path of a tenant file or of a directory that the Deploy CLI exported, what
                would be in one, or a tenant; by default the lenient one with the users alice, bob
                and admin, which takes any client.
            settings: What overrides the tenant's settings, as it stands below `mockidp:`.
            seed: Makes codes, tokens, ids and the chance of faults repeatable; with `keys` and a
                frozen clock also what is signed with RS256 or HS256.
            keys: The RSA keys to sign with, in the order of their rotation: PEM text, or the
                path of a file. By default they are made.
            listen: Where to speak http, as `HOST:PORT`; port 0 is any free one.
            tls: Whether to speak https beside it, on a free port, with a certificate of its own.
            url: Where clients find it, if that is not the port listened on; its host is answered
                to, unless the tenant is a `Tenant`, which has the setting `hosts` of its own.
            placeholders: Values for the Deploy CLI's `##KEY##` and `@@KEY@@` in a tenant file.

        Raises:
            MockIdPError: A tenant, settings, keys, an address or a URL that cannot be used.
            TypeError: A tenant or keys of another type; settings, seed, keys or placeholders for a
                `Tenant`, which has its own; or placeholders for what is not a file.
        """
        hosts = [] if url is None else [host_of(url)]
        made = make_tenant(
            tenant,
            settings=settings,
            seed=seed,
            keys=keys,
            hosts=hosts,
            placeholders=placeholders,
        )
        super().__init__(made, listen=listen, tls=tls, url=url)

    # --- what happens next ---

    def sign_in_as(self, user: str, *, client: str | None = None) -> None:
        """Let a user answer the next authorization request, without a page.

        Args:
            user: By id, the id's last part, or e-mail.
            client: Whose request; by default the next of any client.

        Raises:
            MockIdPError: No such user or client.
        """
        sign_in.sign_in_as(self.tenant, user, client=client)

    def unblock(self, user: str) -> None:
        """Lift the blocks that brute-force protection put on a user, and forget wrong passwords.

        Args:
            user: By id, the id's last part, or e-mail; or a name that was typed and no user has.

        Raises:
            MockIdPError: No such user, and no wrong password was counted for the name.
        """
        unblock(self.tenant, user)

    def explain(self, thing: str) -> Explanation:
        """Say what a link, a bewit, a token, a code or a callback URL is, and what is wrong.

        Args:
            thing: The text of it; nothing is used up.
        """
        return explain(thing, self.tenant)

    def transport(self) -> Transport:
        """Return a transport for httpx, for both kinds of client: no request leaves the process.

        `httpx.Client(transport=idp.transport(), base_url=idp.url)` sends all its requests to the
        tenant; `httpx.Client(mounts={"https://acme.eu.auth0.com": idp.transport()})` those to one
        domain. A served tenant or a given `url` is not needed: it answers to every host.

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

    # --- what goes wrong, when, and what came of it ---

    def fault(
        self,
        endpoint: Place,
        *,
        when: WhenFields | Callable[[FaultContext], bool] | None = None,
        **words: Unpack[FaultWords],
    ) -> ActiveFault:
        """Let something go wrong from now on.

        Args:
            endpoint: An endpoint such as `token`, `*` for all of them, `callback`, `id_token` or
                `access_token`.
            when: Which exchanges: by `client`, `user`, `audience` and `grant`, or what a
                function says of each; by default all.
            **words: What goes wrong, and how often. All of them are listed at
                https://github.com/mockidp/mockidp/blob/main/docs/reference/faults.md.

        Returns:
            The fault, counted and to be cancelled; as a context manager it ends with its block.

        Raises:
            MockIdPError: A place or a word that there is not, or words that do not go together.
        """
        predicate, named = (when, {}) if callable(when) else (None, when or {})
        fault = parse_fault({"endpoint": endpoint, "when": named, **words})
        return self.tenant.faults.add(fault, predicate)

    @property
    def faults(self) -> FaultPlan:
        """The faults that are not cancelled, in the order in which they were asked for."""
        return self.tenant.faults

    @property
    def clock(self) -> Clock:
        """The tenant's time: frozen, set, advanced."""
        return self.tenant.clock

    @property
    def journal(self) -> Journal:
        """The last exchanges, and queries over them."""
        return self.tenant.journal

    def rotate_keys(self) -> str:
        """Sign with the next key from now on; return its `kid`."""
        return self.tenant.rotate_keys()

    def reset(self) -> None:
        """Be as at the start, clock and seed included, without faults and journal."""
        self.tenant.reset()

    def snapshot(self) -> Snapshot:
        """Return what the tenant is now; faults and the journal are no part of it."""
        return self.tenant.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Be what the tenant was when a snapshot was taken.

        Raises:
            MockIdPError: It is no snapshot.
        """
        self.tenant.restore(check_snapshot(snapshot))
