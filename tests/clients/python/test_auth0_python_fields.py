"""mockidp classifies every field of auth0-python's Management API models.

This fails if a newer auth0-python has more of Auth0's fields, until they are classified.
"""

from dataclasses import fields

import pytest
from auth0.management import types

from mockidp.resources.client import Client
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.client_tokens import JwtConfiguration, RefreshTokenPolicy
from mockidp.resources.connection import Connection, ConnectionOptions
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.role import Role
from mockidp.resources.user import User
from mockidp.tenant.content.tenant_settings import TenantFlags, TenantSettings

MODELS = [
    (types.GetClientResponseContent, Client),
    (types.ClientJwtConfiguration, JwtConfiguration),
    (types.ClientRefreshTokenConfiguration, RefreshTokenPolicy),
    (types.GetConnectionResponseContent, Connection),
    (types.ConnectionOptionsAuth0, ConnectionOptions),
    (types.GetResourceServerResponseContent, ResourceServer),
    (types.ClientGrantResponseContent, ClientGrant),
    (types.GetRoleResponseContent, Role),
    (types.GetUserResponseContent, User),
    (types.GetTenantSettingsResponseContent, TenantSettings),
    (types.TenantSettingsFlags, TenantFlags),
]


@pytest.mark.parametrize(("model", "cls"), MODELS, ids=lambda one: one.__name__)
def test_every_field_is_supported_cosmetic_or_differs(model, cls):
    names = {field.alias or name for name, field in model.model_fields.items()}
    declared = {one.metadata.get("name", one.name) for one in fields(cls)}
    assert names - declared - cls.COSMETIC - {one.partition(".")[0] for one in cls.DIFFERS} == set()
