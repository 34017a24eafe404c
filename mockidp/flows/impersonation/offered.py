"""Whether Auth0's dashboard showed the button "Sign in as User", and for which applications.

Auth0: docs/fidelity.md, "Impersonation".
"""

from __future__ import annotations

from collections.abc import Sequence

from mockidp.frozen import frozen
from mockidp.protocol.urls.rules import usable_urls
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


@frozen
class Condition:
    """One condition of the button: what must hold, whether it does, and what to change."""

    name: str
    passed: bool
    text: str


@frozen
class Application:
    """An application, and why it cannot be chosen; empty if it can."""

    client: Client
    callbacks: tuple[str, ...]
    why_not: str = ""


@frozen
class Offer:
    """The conditions in order, and the applications, those first that can be chosen."""

    conditions: Sequence[Condition]
    applications: Sequence[Application]

    @property
    def is_shown(self) -> bool:
        """Whether the button was shown."""
        return all(one.passed for one in self.conditions)


def offer(tenant: Tenant, base_url: str, user: User) -> Offer:
    """Return whether the button was shown on the page of a user.

    Args:
        tenant: The tenant.
        base_url: Its URL, for placeholders in callbacks.
        user: The user.
    """
    directory = tenant.directory
    clients = (directory.client(one, base_url=base_url) for one in directory.clients)
    found = [_application(tenant, user, one) for one in clients if one is not None]
    applications = sorted(found, key=lambda one: bool(one.why_not))
    with_callbacks = [one for one in applications if one.callbacks]
    usable = [one for one in applications if not one.why_not]
    return Offer(
        conditions=(
            Condition(
                name="Impersonation is enabled for the tenant",
                passed=tenant.impersonates,
                text="" if tenant.impersonates else _how_to_enable(tenant),
            ),
            Condition(
                name="An application has a callback URL",
                passed=bool(with_callbacks),
                text=_names(with_callbacks) or "Add a callback to an application.",
            ),
            Condition(
                name="It has the user's connection enabled",
                passed=bool(usable),
                text=_names(usable)
                or f"Enable connection {user.connection} for an application with a callback.",
            ),
        ),
        applications=applications,
    )


def _how_to_enable(tenant: Tenant) -> str:
    if tenant.settings.impersonation.enabled is None:
        return "Set the flag `tenant.flags.disable_impersonation` to false."
    return "Set the setting `impersonation.enabled` to true."


def _application(tenant: Tenant, user: User, client: Client) -> Application:
    callbacks = tuple(usable_urls(client.callbacks))
    is_enabled = user.connection in tenant.directory.connections_for(client)
    why_not = "" if is_enabled else f"connection {user.connection} is not enabled for it"
    return Application(
        client=client, callbacks=callbacks, why_not=why_not if callbacks else "it has no callback"
    )


def _names(applications: Sequence[Application]) -> str:
    return ", ".join(one.client.client_id for one in applications)
