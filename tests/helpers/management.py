"""A client of the Management API."""

from dataclasses import replace

from helpers.acme import ACME, web_client
from helpers.tenant_client import TenantClient, bearer, with_query
from mockidp.protocol.oauth.grant_types import CLIENT_CREDENTIALS
from mockidp.resources.client_grant import ClientGrant

AUDIENCE = "https://acme.example/api/v2/"


def granting(*scopes, document=ACME):
    """Return the document with a client that has scopes of the Management API; all without any."""
    grant = ClientGrant(
        client_id="manager", audience=AUDIENCE, scope=scopes, allow_all_scopes=not scopes
    )
    client = web_client("manager", grant_types=(CLIENT_CREDENTIALS,), callbacks=())
    known = {one.name for one in document.roles}
    users = (
        replace(one, roles=tuple(name for name in one.roles if name in known))
        for one in document.users
    )
    return replace(
        document,
        users=tuple(users),
        clients=(*document.clients, client),
        client_grants=(*document.client_grants, grant),
    )


class ManagementClient(TenantClient):
    """A tenant, and a client that may manage it."""

    def __init__(self, *scopes, document=ACME):
        super().__init__(granting(*scopes, document=document))
        form = {"client_id": "manager", "client_secret": "manager-secret"}
        answer = self.token(grant_type=CLIENT_CREDENTIALS, audience=f"{self.url}/api/v2/", **form)
        self.access_token = answer.json["access_token"]

    def call(self, method, path, body=None, *, token=None, **query):
        """Call the API. The path is sent as it is."""
        options = {} if body is None else {"json": body}
        return self.request(
            method,
            with_query(f"/api/v2{path}", query),
            headers=bearer(token or self.access_token),
            **options,
        )
