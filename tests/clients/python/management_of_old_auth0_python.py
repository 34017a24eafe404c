"""auth0-python 3 and 4: the management client. JSON is read from standard input and written back.

These versions have the same package name, so this program runs alone, with the folder of one as
PYTHONPATH.
"""

import json
import sys
import urllib.request

given = json.load(sys.stdin)
domain, manager = given["domain"], given["manager"]
DATABASE = "Username-Password-Authentication"
credentials = (manager["clientId"], manager["clientSecret"])
audience = f"https://{domain}/api/v2/"
if given["major"] == 3:
    from auth0.v3.authentication import GetToken
    from auth0.v3.exceptions import Auth0Error
    from auth0.v3.management import Auth0
    from auth0.v3.rest import RestClientOptions

    token = GetToken(domain).client_credentials(*credentials, audience)
else:
    from auth0.authentication import GetToken
    from auth0.exceptions import Auth0Error
    from auth0.management import Auth0
    from auth0.rest import RestClientOptions

    token = GetToken(domain, *credentials).client_credentials(audience)
auth0 = Auth0(domain, token["access_token"], rest_options=RestClientOptions(retries=1))
done, refused = {}, {}


def refuse(name, call, *args):
    """Keep the exception of a call."""
    try:
        refused[name] = call(*args)
    except Auth0Error as error:
        shown = (error.status_code, error.message, error.error_code)
        refused[name] = [type(error).__name__, *shown]


def all_users():
    """Return all users, page by page."""
    users, page = [], 0
    while found := auth0.users.list(page=page, per_page=50)["users"]:
        users, page = users + found, page + 1
    return users


new = {"connection": DATABASE, "email": "new@acme.example", "password": "Passw0rd!"}
user = auth0.users.create({**new, "user_metadata": {"plan": "free", "city": "Wien"}})
user_id = user["user_id"]
done["created"] = [user["email"], user["email_verified"], user["identities"][0]["connection"]]
done["users"] = len(all_users())
by_email = auth0.users_by_email.search_users_by_email(new["email"])
done["byEmail"] = [one["email"] for one in by_email]
found = auth0.users.list(q='email:"new@acme.example"')
done["found"] = [one["email"] for one in found["users"]]
changed = auth0.users.update(user_id, {"name": "New", "user_metadata": {"plan": "gold"}})
done["patched"] = [changed["name"], changed["user_metadata"]]
done["read"] = auth0.users.get(user_id)["name"]

api = auth0.resource_servers.create(
    {"name": "Notes", "identifier": "https://notes.example/", "scopes": [{"value": "read:notes"}]}
)
permission = {"resource_server_identifier": api["identifier"], "permission_name": "read:notes"}
role = auth0.roles.create({"name": "Reader", "description": "Reads notes"})
role_id = role["id"]
auth0.roles.add_permissions(role_id, [permission])
auth0.roles.add_users(role_id, [user_id])
auth0.users.add_permissions(user_id, [permission])
done["roles"] = [one["name"] for one in auth0.roles.list()["roles"]]
done["renamed"] = auth0.roles.update(role_id, {"name": "Readers"})["name"]
done["rolesOfUser"] = [one["name"] for one in auth0.users.list_roles(user_id)["roles"]]
done["usersOfRole"] = [one["email"] for one in auth0.roles.list_users(role_id)["users"]]
done["permissionsOfRole"] = [
    one["permission_name"] for one in auth0.roles.list_permissions(role_id)["permissions"]
]
done["permissionsOfUser"] = [
    one["permission_name"] for one in auth0.users.list_permissions(user_id)["permissions"]
]
identifiers = [one["identifier"] for one in auth0.resource_servers.get_all()]
done["apis"] = [one for one in identifiers if one == api["identifier"]]

client = auth0.clients.create({"name": "Worker", "app_type": "non_interactive"})
client_id = client["client_id"]
grant = auth0.client_grants.create(
    {"client_id": client_id, "audience": api["identifier"], "scope": ["read:notes"]}
)
done["client"] = auth0.clients.update(client_id, {"description": "Works"})["description"]
rotated = auth0.clients.rotate_secret(client_id)
done["rotated"] = rotated["client_secret"] != client["client_secret"]
done["clients"] = client_id in [one["client_id"] for one in auth0.clients.all()]
done["grants"] = [one["scope"] for one in auth0.client_grants.all(client_id=client_id)]
connection = auth0.connections.create({"name": "staff", "strategy": "auth0"})
done["connections"] = [one["name"] for one in auth0.connections.all()]

organization = auth0.organizations.create_organization({"name": "acme", "display_name": "Acme"})
organization_id = organization["id"]
auth0.organizations.create_organization_members(organization_id, {"members": [user_id]})
organizations = auth0.organizations.all_organizations()["organizations"]
done["organizations"] = [one["name"] for one in organizations]
members = auth0.organizations.all_organization_members(organization_id)["members"]
done["members"] = [one["email"] for one in members]
of_user = auth0.users.list_organizations(user_id)["organizations"]
done["organizationsOfUser"] = [one["name"] for one in of_user]

refuse("unknown connection", auth0.users.create, {**new, "connection": "nowhere"})
refuse("invalid token", Auth0(domain, "no.valid.token").users.get, user_id)
refuse("missing scope", Auth0(domain, given["reader"]).users.delete, user_id)
refuse("unknown user", auth0.users.get, "auth0|nobody")
refuse("known user", auth0.users.create, new)

auth0.users.remove_roles(user_id, [role_id])
done["rolesAfterwards"] = auth0.users.list_roles(user_id)["total"]
auth0.roles.remove_permissions(role_id, [permission])
auth0.organizations.delete_organization(organization_id)
done["organizationsAfterwards"] = auth0.organizations.all_organizations()["total"]
auth0.connections.delete(connection["id"])
auth0.client_grants.delete(grant["id"])
auth0.clients.delete(client_id)
auth0.roles.delete(role_id)
auth0.resource_servers.delete(api["id"])
auth0.users.delete(user_id)
done["usersAfterwards"] = len(all_users())

fault = json.dumps({"endpoint": "management", "rate_limit": True}).encode()
json_type = {"Content-Type": "application/json"}
urllib.request.urlopen(urllib.request.Request(f"{given['control']}/faults", fault, json_type))
refuse("rate limit", auth0.users.get, "auth0|1")
json.dump({"done": done, "refused": refused}, sys.stdout)
