"""auth0-python 5 and 6: the management client. JSON is read from standard input and written back.

Version 5 has the same package name, so this program runs alone, with its folder as PYTHONPATH.
"""

import json
import sys
import urllib.request

from auth0.management import ManagementClient
from auth0.management.core.api_error import ApiError

given = json.load(sys.stdin)
domain, manager = given["domain"], given["manager"]
DATABASE = "Username-Password-Authentication"
ONCE = {"max_retries": 0}
auth0 = ManagementClient(
    domain=domain, client_id=manager["clientId"], client_secret=manager["clientSecret"]
)
done, refused = {}, {}


def refuse(name, call, *args, **named):
    """Keep the exception of a call."""
    try:
        refused[name] = call(*args, **named)
    except ApiError as error:
        body = {"errorCode": None, **error.body}
        shown = (error.status_code, body["message"], body["errorCode"])
        refused[name] = [type(error).__name__, *shown]


new = {"connection": DATABASE, "email": "new@acme.example", "password": "Passw0rd!"}
user = auth0.users.create(**new, user_metadata={"plan": "free", "city": "Wien"})
done["created"] = [user.email, user.email_verified, user.identities[0].connection]
done["users"] = len(list(auth0.users.list(per_page=50)))
done["byEmail"] = [one.email for one in auth0.users.list_users_by_email(email=new["email"])]
done["found"] = [one.email for one in auth0.users.list(q='email:"new@acme.example"')]
changed = auth0.users.update(user.user_id, name="New", user_metadata={"plan": "gold"})
done["patched"] = [changed.name, changed.user_metadata]
done["read"] = auth0.users.get(user.user_id).name

api = auth0.resource_servers.create(
    name="Notes", identifier="https://notes.example/", scopes=[{"value": "read:notes"}]
)
permission = {"resource_server_identifier": api.identifier, "permission_name": "read:notes"}
role = auth0.roles.create(name="Reader", description="Reads notes")
auth0.roles.permissions.add(role.id, permissions=[permission])
auth0.roles.users.assign(role.id, users=[user.user_id])
auth0.users.permissions.create(user.user_id, permissions=[permission])
done["roles"] = [one.name for one in auth0.roles.list()]
done["renamed"] = auth0.roles.update(role.id, name="Readers").name
done["rolesOfUser"] = [one.name for one in auth0.users.roles.list(user.user_id)]
done["usersOfRole"] = [one.email for one in auth0.roles.users.list(role.id)]
done["permissionsOfRole"] = [one.permission_name for one in auth0.roles.permissions.list(role.id)]
done["permissionsOfUser"] = [
    one.permission_name for one in auth0.users.permissions.list(user.user_id)
]
identifiers = [one.identifier for one in auth0.resource_servers.list()]
done["apis"] = [one for one in identifiers if one == api.identifier]

client = auth0.clients.create(name="Worker", app_type="non_interactive")
grant = auth0.client_grants.create(
    client_id=client.client_id, audience=api.identifier, scope=["read:notes"]
)
done["client"] = auth0.clients.update(client.client_id, description="Works").description
rotated = auth0.clients.rotate_secret(client.client_id)
done["rotated"] = rotated.client_secret != client.client_secret
done["clients"] = client.client_id in [one.client_id for one in auth0.clients.list()]
done["grants"] = [one.scope for one in auth0.client_grants.list(client_id=client.client_id)]
connection = auth0.connections.create(name="staff", strategy="auth0")
done["connections"] = [one.name for one in auth0.connections.list()]

organization = auth0.organizations.create(name="acme", display_name="Acme")
auth0.organizations.members.create(organization.id, members=[user.user_id])
done["organizations"] = [one.name for one in auth0.organizations.list()]
members = auth0.organizations.members.list(organization.id)
done["members"] = [one.email for one in members]
of_user = auth0.users.organizations.list(user.user_id)
done["organizationsOfUser"] = [one.name for one in of_user]

key = auth0.keys.signing.rotate().kid
ticket = auth0.tickets.verify_email(user_id=user.user_id).ticket
more = {
    "settings": auth0.tenants.settings.update(support_email="help@acme.example").support_email,
    "isKeyListed": key in [one.kid for one in auth0.keys.signing.list()],
    "ticket": ticket.partition("?")[0].removeprefix(f"https://{domain}"),
    "logs": any(one.type == "sapi" for one in auth0.logs.list(per_page=50)),
}

refuse("unknown connection", auth0.users.create, **new | {"connection": "nowhere"})
refuse("unknown user", auth0.users.get, "auth0|nobody")
refuse("known user", auth0.users.create, **new, request_options=ONCE)
invalid = ManagementClient(domain=domain, token="no.valid.token")
refuse("invalid token", invalid.users.get, user.user_id)
reader = ManagementClient(domain=domain, token=given["reader"])
refuse("missing scope", reader.users.delete, user.user_id)

auth0.users.roles.delete(user.user_id, roles=[role.id])
done["rolesAfterwards"] = len(list(auth0.users.roles.list(user.user_id)))
auth0.roles.permissions.delete(role.id, permissions=[permission])
auth0.organizations.delete(organization.id)
done["organizationsAfterwards"] = len(list(auth0.organizations.list()))
auth0.connections.delete(connection.id)
auth0.client_grants.delete(grant.id)
auth0.clients.delete(client.client_id)
auth0.roles.delete(role.id)
auth0.resource_servers.delete(api.id)
auth0.users.delete(user.user_id)
done["usersAfterwards"] = len(list(auth0.users.list(per_page=50)))

fault = json.dumps({"endpoint": "management", "rate_limit": True}).encode()
json_type = {"Content-Type": "application/json"}
urllib.request.urlopen(urllib.request.Request(f"{given['control']}/faults", fault, json_type))
refuse("rate limit", auth0.users.get, "auth0|1", request_options={"max_retries": 1})
json.dump({"done": done, "more": more, "refused": refused}, sys.stdout)
