"""The tenant of the tests over the wire, with a record of each kind that they need."""

from dataclasses import replace

from mockidp.protocol.oauth.grant_types import (
    AUTHORIZATION_CODE,
    CLIENT_CREDENTIALS,
    IMPLICIT,
    PASSWORD,
    PASSWORD_REALM,
    REFRESH_TOKEN,
)
from mockidp.resources.client import Client
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.client_tokens import JwtConfiguration, RefreshTokenPolicy
from mockidp.resources.connection import Connection
from mockidp.resources.resource_server import (
    ApiScope,
    ClientAccessPolicy,
    ResourceServer,
    SubjectTypeAuthorization,
    UserAccessPolicy,
)
from mockidp.resources.role import Permission, Role
from mockidp.resources.user import User
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.tenant_settings import TenantSettings

URL = "http://localhost:9400"
ORIGIN = "http://localhost:3000"
CALLBACK = f"{ORIGIN}/callback"
API = "https://api.example/"
RBAC_API = "https://rbac.example/"
PASSWORD_OF_ALL = "Passw0rd!"
DATABASE = "Username-Password-Authentication"

_USER_GRANTS = (AUTHORIZATION_CODE, REFRESH_TOKEN, PASSWORD, PASSWORD_REALM)


def api(identifier, *scopes, **fields):
    return ResourceServer(
        identifier=identifier, scopes=tuple(ApiScope(value=s) for s in scopes), **fields
    )


def web_client(client_id="web", **fields):
    defaults = {
        "client_secret": f"{client_id}-secret",
        "grant_types": _USER_GRANTS,
        "callbacks": (CALLBACK,),
        "allowed_logout_urls": ("http://localhost:3000/bye",),
    }
    return Client(client_id=client_id, **defaults | fields)


def public_client(client_id, **fields):
    return web_client(
        client_id, **{"client_secret": None, "token_endpoint_auth_method": "none"} | fields
    )


def policy(*, client="require_client_grant", user="allow_all"):
    return SubjectTypeAuthorization(
        client=ClientAccessPolicy(policy=client), user=UserAccessPolicy(policy=user)
    )


def user(name, **fields):
    defaults = {
        "email": f"{name}@acme.example",
        "email_verified": True,
        "password": PASSWORD_OF_ALL,
        "name": name.capitalize(),
        "nickname": name,
    }
    return User(user_id=f"auth0|{name}", **defaults | fields)


def permission(name, at=RBAC_API):
    return Permission(permission_name=name, resource_server_identifier=at)


CLIENTS = (
    web_client(web_origins=("http://localhost:3000",), allowed_origins=("https://app.example",)),
    web_client("other"),
    web_client("hs256", jwt_configuration=JwtConfiguration(alg="HS256")),
    web_client("third-party", is_first_party=False, name="Third Party"),
    web_client("code-only", grant_types=(AUTHORIZATION_CODE,)),
    web_client("hybrid", grant_types=(*_USER_GRANTS, IMPLICIT), web_origins=(ORIGIN,)),
    web_client("implicit-only", grant_types=(IMPLICIT,)),
    web_client("no-code", grant_types=(CLIENT_CREDENTIALS,)),
    web_client("secretless", client_secret=None),
    public_client(
        "spa",
        refresh_token=RefreshTokenPolicy(
            rotation_type="rotating",
            expiration_type="expiring",
            token_lifetime=1000,
            idle_token_lifetime=300,
        ),
    ),
    public_client("leeway", refresh_token=RefreshTokenPolicy(rotation_type="rotating", leeway=10)),
    public_client("no-callback", callbacks=()),
    web_client("m2m", grant_types=(CLIENT_CREDENTIALS,), callbacks=()),
    web_client("global", grant_types=(CLIENT_CREDENTIALS,), callbacks=(), is_global=True),
)
APIS = (
    api(API, "read:items", "write:items", allow_offline_access=True),
    api(
        RBAC_API,
        "read:reports",
        "write:reports",
        enforce_policies=True,
        token_dialect="access_token_authz",
    ),
    api("https://rfc9068.example/", "read:x", token_dialect="rfc9068_profile"),
    api("https://rfc9068-authz.example/", "read:x", token_dialect="rfc9068_profile_authz"),
    api("https://hs256.example/", "read:x", signing_alg="HS256", signing_secret="s" * 32),
    api("https://ps256.example/", "read:x", signing_alg="PS256"),
    api("https://open.example/", "a", "b", subject_type_authorization=policy(client="allow_all")),
    api(
        "https://closed.example/",
        "a",
        subject_type_authorization=policy(client="deny_all", user="deny_all"),
    ),
    api(
        "https://granted.example/",
        "a",
        subject_type_authorization=policy(user="require_client_grant"),
    ),
)
GRANTS = (
    ClientGrant(client_id="m2m", audience=API, scope=("read:items", "write:items")),
    ClientGrant(client_id="m2m", audience=RBAC_API, scope=("read:reports",)),
    ClientGrant(client_id="m2m", audience="https://rfc9068.example/"),
    ClientGrant(client_id="m2m", audience="https://hs256.example/", allow_all_scopes=True),
    ClientGrant(client_id="m2m", audience="https://closed.example/", scope=("a",)),
    ClientGrant(client_id="m2m", audience="https://acme.example/api/v2/", scope=("read:users",)),
    ClientGrant(client_id="web", audience="https://granted.example/", subject_type="user"),
    ClientGrant(client_id="web", audience="https://closed.example/", subject_type="user"),
)
ACME = TenantDocument(
    tenant=TenantSettings(
        friendly_name="Acme",
        default_directory=DATABASE,
        allowed_logout_urls=("http://localhost:3000/tenant-bye",),
    ),
    clients=CLIENTS,
    resource_servers=APIS,
    client_grants=GRANTS,
    databases=(
        Connection(name=DATABASE, is_domain_connection=True),
        Connection(name="staff", enabled_clients=("web",)),
    ),
    roles=(
        Role(name="viewer", permissions=(permission("read:reports"), permission("read:x", API))),
    ),
    users=(
        user("alice", roles=("viewer", "a role that is gone"), given_name="Alice"),
        user("bob", permissions=(permission("write:reports"),)),
        user("blocked", blocked=True),
        user("staffer", connection="staff"),
        user("passwordless", password=None, username="less"),
    ),
)


def with_settings(document=ACME, **settings):
    """Return the document with some of mockidp's settings changed."""
    return replace(document, mockidp=replace(document.mockidp, **settings))


def with_tenant(document=ACME, **fields):
    """Return the document with some of its `tenant` section changed."""
    return replace(document, tenant=replace(document.tenant, **fields))


def with_client(document, client_id, **fields):
    """Return the document with some fields of one client changed."""
    changed = tuple(
        replace(one, **fields) if one.client_id == client_id else one for one in document.clients
    )
    return replace(document, clients=changed)
