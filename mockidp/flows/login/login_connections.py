"""The connections of one login, as its page shows them. Each look-up is made once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from mockidp.flows.login.identify import connections_of, enabled_connections
from mockidp.flows.login.transaction import login_client
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.tenant.content.no_users import no_users_hint
from mockidp.tenant.tenant import Tenant


class LoginConnections:
    """The connections of one login.

    Attributes:
        tenant: The tenant.
        login: The login.
        client: Its client.
    """

    def __init__(
        self, tenant: Tenant, login: LoginTransaction, client: Client | None = None
    ) -> None:
        """Prepare. `client` is the login's client, if it is already known."""
        self.tenant, self.login = tenant, login
        self.client = client or login_client(tenant, login)

    @cached_property
    def offered(self) -> tuple[str, ...]:
        """The names of those that the login's user may come from."""
        return connections_of(self.tenant, self.login, self.client)

    @cached_property
    def _offered(self) -> list[Connection]:
        return self._found(self.offered)

    @cached_property
    def providers(self) -> list[Connection]:
        """Those with identity providers at which the login's user can log in."""
        enabled = enabled_connections(self.tenant, self.login, self.client)
        return [one for one in self._found(enabled) if one.is_federated]

    @property
    def requested_provider(self) -> Connection | None:
        """The requested connection if it has an identity provider."""
        wanted = self.login.request.connection
        if wanted is None:
            return None
        return next((one for one in self.providers if one.name == wanted), None)

    @cached_property
    def with_button(self) -> list[Connection]:
        """Those that the login page has a button for."""
        is_of_organization = self.login.organization_id is not None
        return [
            one
            for one in self.providers
            if one.name in self.offered and (is_of_organization or _has_button(one))
        ]

    @property
    def has_form(self) -> bool:
        """Whether the login page asks for a user name.

        It does not if all users log in at identity providers, and e-mail addresses lead to none.
        """
        has_own = not self._offered or any(not one.is_federated for one in self._offered)
        return has_own or self._asks_for_domain

    @property
    def _asks_for_domain(self) -> bool:
        is_first = self.tenant.directory.configuration.prompts.identifier_first
        return is_first and any(
            one.is_enterprise and one.options.domain_aliases for one in self.providers
        )

    @property
    def requires_username(self) -> bool:
        """Whether one of them identifies its users by a username."""
        return any(one.options.has_usernames for one in self._offered)

    @property
    def only_passwordless(self) -> Connection | None:
        """The first one if all users of the form get a code; else None."""
        with_form = [one for one in self._offered if not one.is_federated]
        first = with_form[0] if with_form else None
        return first if all(one.is_passwordless for one in with_form) else None

    def why_nobody_can_log_in(self) -> str:
        """Explain why nobody can use the form or a button of the page; empty if one can."""
        if self.with_button:
            return ""
        if self.has_form:
            users = self.tenant.directory.users
            return no_users_hint(users) or self._why_no_user_is_offered()
        names = ", ".join(one.name for one in self.providers)
        return (
            f"Enterprise connections have no button unless `show_as_button` is true: {names}. Set "
            "it, send `connection` to /authorize, or set `prompts.identifier_first` and the "
            "`options.domain_aliases` of the connection."
        )

    def _why_no_user_is_offered(self) -> str:
        """Name the connections whose users cannot log in here; empty if some can."""
        users = self.tenant.directory.users
        if any(user.connection in self.offered for user in users.each()):
            return ""
        holding = {user.connection for user in users.each()}
        reasons = " ".join(map(self._why_off, sorted(holding)))
        name = self.client.name or self.client.client_id
        return f"No user can log in to {name} here. {reasons}"

    def _why_off(self, name: str) -> str:
        connection = self.tenant.directory.connection(name)
        wanted = self.login.request.connection
        if wanted not in (None, name):
            return f"The request asks for connection {wanted}, but there are users in {name}."
        if connection is not None and not connection.serves(self.client):
            how = connection.how_to_enable(self.client)
            return f"Connection {name} is off for this client. {how}"
        return f"Connection {name} is off for the organization of the login: enable it there."

    def _found(self, names: Iterable[str]) -> list[Connection]:
        found = map(self.tenant.directory.connection, names)
        return [one for one in found if one is not None]


def _has_button(connection: Connection) -> bool:
    return connection.show_as_button or not connection.is_enterprise
