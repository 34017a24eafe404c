"""A tenant with organizations, and clients that use them in every way."""

from dataclasses import replace

from helpers.acme import ACME, API, DATABASE, RBAC_API, permission, user, web_client
from helpers.tenant_client import TenantClient
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.connection import Connection
from mockidp.resources.organization import (
    Organization,
    OrganizationClientGrant,
    OrganizationConnection,
    OrganizationMember,
)
from mockidp.resources.role import Role

RED, BLUE, EMPTY, SINGLE = (f"org_{name:0<16}" for name in ("red", "blue", "empty", "single"))


def organization(name, *members, connections=(DATABASE,), **fields):
    return Organization(
        id=f"org_{name:0<16}",
        name=name,
        display_name=f"{name.capitalize()} Ltd",
        connections=tuple(
            one if isinstance(one, OrganizationConnection) else OrganizationConnection(name=one)
            for one in connections
        ),
        members=tuple(
            OrganizationMember(user_id=f"auth0|{one}", roles=roles)
            for one, roles in (m if isinstance(m, tuple) else (m, ()) for m in members)
        ),
        **fields,
    )


def client(client_id, usage, behavior="no_prompt", **fields):
    return web_client(
        client_id, organization_usage=usage, organization_require_behavior=behavior, **fields
    )


B2B = replace(
    ACME,
    clients=(
        *(one for one in ACME.clients if one.client_id != "web"),
        client("web", "allow", initiate_login_uri="https://app.example/login"),
        client("denying", "deny"),
        client("requiring", "require"),
        client("selecting", "require", "pre_login_prompt"),
        client("picking", "require", "post_login_prompt"),
        client("may-select", "allow", "pre_login_prompt"),
        client("may-pick", "allow", "post_login_prompt"),
        client("partner", "allow", is_first_party=False),
        client("placed", "allow", callbacks=("https://{organization_name}.example.com/cb",)),
    ),
    client_grants=(
        *ACME.client_grants,
        ClientGrant(client_id="m2m", audience="https://open.example/", organization_usage="allow"),
        ClientGrant(
            client_id="m2m", audience="https://granted.example/", organization_usage="require"
        ),
        ClientGrant(
            client_id="m2m",
            audience="https://ps256.example/",
            organization_usage="allow",
            allow_any_organization=True,
        ),
    ),
    databases=(
        *ACME.databases,
        Connection(name="customers", enabled_clients=()),
    ),
    connections=(Connection(name="okta", strategy="okta"), Connection(name="google", strategy="google-oauth2")),
    roles=(
        *ACME.roles,
        Role(name="editor", permissions=(permission("write:reports"), permission("write:items", API))),
    ),
    users=(
        *ACME.users,
        user("carol", connection="customers"),
        user("dave"),
        user("oscar", connection="okta", password=None),
    ),
    organizations=(
        organization(
            "red", ("alice", ("editor",)), "bob", "blocked", metadata={"plan": "gold"},
            client_grants=(OrganizationClientGrant(client_id="m2m"),),
        ),
        organization("blue", "alice", connections=(
            DATABASE,
            OrganizationConnection(name="customers", assign_membership_on_login=True),
            OrganizationConnection(name="staff", is_enabled=False),
            OrganizationConnection(name="okta", show_as_button=False, assign_membership_on_login=True),
        )),
        organization("empty", "alice", connections=()),
        organization("single", "staffer", connections=("staff",)),
        organization("hidden", connections=(OrganizationConnection(name="okta", show_as_button=False),)),
    ),
)  # fmt: skip
"""Alice is in red (editor), blue and empty, bob in red, staffer in single, dave in none."""


def with_organization(name, document=B2B, **fields):
    """Return the document with some fields of an organization changed."""
    return replace(
        document,
        organizations=tuple(
            replace(one, **fields) if one.name == name else one for one in document.organizations
        ),
    )


def with_names(document=B2B):
    """Return the document of a tenant that allows names of organizations in requests."""
    tenant = replace(document.tenant, allow_organization_name_in_authentication_api=True)
    return replace(document, tenant=tenant)


def b2b(document=B2B):
    """Return a client of the tenant."""
    return TenantClient(document)


__all__ = ["API", "RBAC_API"]
