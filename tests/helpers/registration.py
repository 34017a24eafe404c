"""A tenant at which apps register themselves."""

from helpers.acme import CALLBACK, with_tenant
from mockidp.tenant.content.tenant_settings import TenantFlags


def register(idp):
    """Let apps register at a tenant, and register one."""
    idp.edit(with_tenant(flags=TenantFlags(enable_dynamic_client_registration=True)))
    return idp.post("/oidc/register", json_body={"redirect_uris": [CALLBACK]})
