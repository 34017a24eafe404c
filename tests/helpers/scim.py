"""A company's directory, which creates the users of an enterprise connection with SCIM."""

from dataclasses import replace
from urllib.parse import quote

from helpers.acme import ACME, user
from helpers.management import granting
from helpers.providers import AtProvider
from helpers.tenant_client import bearer, with_query
from mockidp.protocol.oauth.grant_types import CLIENT_CREDENTIALS
from mockidp.resources.connection import Connection
from mockidp.resources.scim_configuration import ScimConfiguration, ScimMapping

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
CORP = "corp"
SCOPES = [
    f"{verb}:{kind}"
    for kind in ("users", "groups")
    for verb in ("get", "post", "put", "patch", "delete")
]
DANA, ZOE = "okta|corp|00u1", "okta|corp|zoe"


def corp(strategy="okta", *, mapping=None, **fields):
    """Return the connection with a SCIM configuration. The mapping is a list of pairs."""
    entries = mapping and tuple(ScimMapping(scim=scim, auth0=auth0) for scim, auth0 in mapping)
    configuration = ScimConfiguration(mapping=entries, **fields)
    return Connection(name=CORP, strategy=strategy, scim_configuration=configuration)


def company(connection=None, *others):
    """Return a document with the connection, a user of it that SCIM did not create, and others."""
    zoe = replace(user("zoe"), user_id="okta|corp|zoe", email="zoe@corp.example", connection=CORP)
    connections = (connection or corp(), *others)
    return replace(ACME, connections=connections, users=(*ACME.users, zoe))


def dana(**attributes):
    """Return a user as Okta sends it. None leaves an attribute out."""
    sent = {
        "schemas": [CORE, ENTERPRISE],
        "userName": "dana@corp.example",
        "externalId": "00u1",
        "name": {"givenName": "Dana", "familyName": "Doe"},
        "displayName": "Dana Doe",
        "emails": [{"primary": True, "value": "Dana@corp.example", "type": "work"}],
        "active": True,
        ENTERPRISE: {"department": "Research"},
        **attributes,
    }
    return {name: value for name, value in sent.items() if value is not None}


def group(*members, **attributes):
    """Return a group as Entra ID sends it. None leaves an attribute out."""
    sent = {
        "schemas": [GROUP],
        "displayName": "Admins",
        "externalId": "g1",
        "members": [{"value": one} for one in members],
        **attributes,
    }
    return {name: value for name, value in sent.items() if value is not None}


class Directory(AtProvider):
    """A tenant, a directory with a SCIM token, and a client that may manage the tenant."""

    def __init__(self, document=None, *, scopes=None, tenant=None):
        document = granting(document=document or company())
        super().__init__(document, tenant=tenant)
        form = {"client_id": "manager", "client_secret": "manager-secret"}
        answer = self.token(grant_type=CLIENT_CREDENTIALS, audience=f"{self.url}/api/v2/", **form)
        self.manager = answer.json["access_token"]
        self.connection_id = self.tenant.directory.connection(CORP).id
        self.scim_token = self.new_token(scopes)["token"]

    def manage(self, method, path, body=None):
        """Call the Management API."""
        options = {} if body is None else {"json": body}
        return self.request(method, f"/api/v2{path}", headers=bearer(self.manager), **options)

    def new_token(self, scopes=None, **body):
        """Create a SCIM token."""
        path = f"/connections/{self.connection_id}/scim-configuration/tokens"
        body |= {} if scopes is None else {"scopes": scopes}
        answer = self.manage("POST", path, body)
        assert answer.status_code == 201, answer.text
        return answer.json

    def scim(self, method, path="/Users", body=None, *, headers=None, **query):
        """Call the SCIM endpoint of the connection."""
        options = {} if body is None else {"json": body, "content_type": "application/scim+json"}
        return self.request(
            method,
            with_query(f"/scim/v2/connections/{self.connection_id}{path}", query),
            headers=bearer(self.scim_token) if headers is None else headers,
            **options,
        )

    def provision(self, **attributes):
        """Create dana. Return the resource."""
        answer = self.scim("POST", body=dana(**attributes))
        assert answer.status_code == 201, answer.text
        return answer.json

    def patch(self, *operations, user_id=DANA):
        """Patch a user."""
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return self.scim("PATCH", path_of(user_id), body)

    def push_group(self, *members, **attributes):
        """Create a group. Return the resource."""
        answer = self.scim("POST", "/Groups", group(*members, **attributes))
        assert answer.status_code == 201, answer.text
        return answer.json

    def patch_group(self, group_id, *operations):
        """Patch a group."""
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return self.scim("PATCH", f"/Groups/{group_id}", body)

    def search(self, text, **query):
        """Return the ids of the users that a filter selects."""
        answer = self.scim("GET", filter=text, **query)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json["Resources"]]

    def profile(self, user_id=DANA):
        """Return a user as the Management API shows it."""
        return self.manage("GET", f"/users/{quote(user_id, safe='')}").json


def path_of(user_id):
    """Return the path of a user."""
    return f"/Users/{quote(user_id, safe='')}"


def error(answer):
    """Return status, scimType and detail of a refusal."""
    body = answer.json
    assert answer.content_type == "application/scim+json"
    assert body["schemas"] == [ERROR]
    assert body["status"] == str(answer.status_code)
    return answer.status_code, body.get("scimType"), body["detail"]
