"""Check the organization of an authorization request against the settings of the client.

Auth0: the client's `organization_usage`, and the organization's own list of clients.
"""

from __future__ import annotations

from mockidp.flows.organizations.named import (
    INVALID,
    NOT_ALLOWED,
    REQUIRED,
    find_organization,
    look_up,
)
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.tenant.client_urls import in_organization
from mockidp.tenant.tenant import Tenant


def asks_before_login(client: Client) -> bool:
    """Return whether the person chooses an organization before the login."""
    return _prompts(client, "pre_login_prompt")


def asks_after_login(client: Client) -> bool:
    """Return whether the person chooses an organization after the login."""
    return _prompts(client, "post_login_prompt")


def _prompts(client: Client, behavior: str) -> bool:
    return client.organization_usage != "deny" and client.organization_require_behavior == behavior


def requires_organization(client: Client) -> bool:
    """Return whether users of the client cannot log in without an organization."""
    return client.organization_usage == "require"


def client_in_organization(tenant: Tenant, client: Client, parameters: Parameters) -> Client:
    """Return the client with callbacks for the organization that the request names.

    A request that names none, or one that is refused later, leaves the client as it is.
    """
    sent = parameters.raw().get("organization")
    if client.organization_usage == "deny" or not isinstance(sent, str):
        return client
    organization = look_up(tenant, sent)
    return in_organization(client, organization) if organization else client


def requested_organization(
    tenant: Tenant, client: Client, parameters: Parameters
) -> Organization | None:
    """Return the organization that an authorization request names; None if it names none.

    Raises:
        InvalidRequest: The client does not allow organizations, or requires one; the organization
            does not exist, or does not admit the client.
    """
    sent, usage = parameters.get("organization"), client.organization_usage
    with tenant.trace.check("organization", sent=sent, usage=usage):
        if sent is None:
            if requires_organization(client) and client.organization_require_behavior == (
                "no_prompt"
            ):
                raise _missing(client)
            return None
        if usage == "deny":
            raise InvalidRequest(
                NOT_ALLOWED,
                hint=f"Parameter `organization` is {sent!r}, but `organization_usage` of client "
                f"{client.client_id} is deny. Do not send it, or set `organization_usage` to "
                "allow or require.",
            )
        organization = find_organization(tenant, sent)
        check_admits(organization, client)
    tenant.trace.note(organization=organization.id)
    return organization


def _missing(client: Client) -> InvalidRequest:
    return InvalidRequest(
        REQUIRED,
        hint="Parameter `organization` was not sent, but `organization_usage` of client "
        f"{client.client_id} is require. Send it, or let users choose: set "
        "`organization_require_behavior` to pre_login_prompt or post_login_prompt.",
    )


def check_admits(organization: Organization, client: Client) -> None:
    """Check that members of an organization can log in to a client.

    Raises:
        InvalidRequest: The organization does not admit the client.
    """
    why = why_not_admitted(organization, client)
    if why:
        raise InvalidRequest(f"{INVALID}: {organization.id}", hint=why)


def why_not_admitted(organization: Organization, client: Client) -> str:
    """Explain why members cannot log in to a client; empty if they can."""
    names = {client.client_id, client.name}
    listed = next((one for one in organization.clients if one.client_id in names), None)
    if organization.is_app_entitlement_active and listed is not None:
        return (
            ""
            if listed.use_for_member_access
            else f"Entry {listed.client_id} in `clients` of organization {organization.name} has "
            "`use_for_member_access: false`."
        )
    if not client.is_first_party and organization.third_party_client_access == "block":
        return (
            f"Client {client.client_id} is third-party, and `third_party_client_access` of "
            f"organization {organization.name} is block. Set it to allow."
        )
    if client.is_first_party and organization.is_app_entitlement_active:
        return (
            f"Field `is_app_entitlement_active` of organization {organization.name} is true, and "
            f"its `clients` do not contain client {client.client_id}. Add it with "
            "`use_for_member_access: true`."
        )
    return ""
