"""auth0-python 5 and 6: answers of many calls, which the SDK checks against its models.

JSON is read from standard input and written back. Version 5 has the same package name, so this
program runs alone, with its folder as PYTHONPATH.
"""

import json
import sys

from auth0.management import ManagementClient

given = json.load(sys.stdin)
auth0 = ManagementClient(domain=given["domain"], token=given["token"])
user, client, connection = given["user"], given["client"], given["connection"]
done = {}


def each(items, name):
    """Return one attribute of each item."""
    return [getattr(one, name) for one in items]


users, clients, organizations = auth0.users, auth0.clients, auth0.organizations
done["client"] = clients.get(client).name
done["connection"] = auth0.connections.get(connection).strategy
auth0.connections.clients.update(connection, request=[{"client_id": client, "status": True}])
done["clients of the connection"] = each(auth0.connections.clients.get(connection), "client_id")
done["connections of the client"] = each(clients.connections.get(client), "id")
key = clients.credentials.create(client, credential_type="public_key", name="key", pem=given["pem"])
done["credentials"] = each(clients.credentials.list(client), "name")
done["credential"] = clients.credentials.get(client, key.id).alg
clients.credentials.delete(client, key.id)

organization = organizations.create(name="acme", display_name="Acme").id
done["organization"] = organizations.get_by_name("acme").display_name
organizations.enabled_connections.add(organization, connection_id=connection)
enabled = organizations.enabled_connections.list(organization)
done["connections of the organization"] = each(enabled, "connection_id")
organizations.members.create(organization, members=[user])
role = auth0.roles.create(name="Reader").id
organizations.members.roles.assign(organization, user, roles=[role])
done["roles of the member"] = each(organizations.members.roles.list(organization, user), "name")
invitation = organizations.invitations.create(
    organization,
    client_id=client,
    inviter={"name": "Alice"},
    invitee={"email": "guest@acme.example"},
)
invitations = organizations.invitations.list(organization)
done["invitations"] = [one.invitee.email for one in invitations]
organizations.invitations.delete(organization, invitation.id)
domain = organizations.discovery_domains.create(organization, domain="acme.example")
done["discovery domains"] = each(organizations.discovery_domains.list(organization), "domain")

(session,) = users.sessions.list(user)
done["session"] = [auth0.sessions.get(session.id).user_id, session.clients[0].client_id]
(token,) = users.refresh_token.list(user)
done["refresh token"] = [auth0.refresh_tokens.get(token.id).client_id, token.rotating]
auth0.refresh_tokens.delete(token.id)
auth0.sessions.revoke(session.id)
done["sessions afterwards"] = len(list(users.sessions.list(user)))

method = users.authentication_methods.create(
    user, type="totp", name="App", totp_secret="JBSWY3DPEHPK3PXP"
)
done["methods"] = each(users.authentication_methods.list(user), "type")
done["method"] = users.authentication_methods.get(user, method.id).name
done["recovery code"] = len(users.regenerate_recovery_code(user).recovery_code)
users.authentication_methods.delete(user, method.id)
done["blocks"] = auth0.user_blocks.list(user).blocked_for
done["grants"] = len(list(auth0.user_grants.list(user_id=user)))

job = auth0.jobs.verification_email.create(user_id=user)
done["job"] = auth0.jobs.get(job.id).type
done["ticket"] = auth0.tickets.change_password(user_id=user).ticket.partition("?")[0]
custom = auth0.custom_domains.create(domain="login.acme.example", type="auth0_managed_certs")
done["custom domain"] = auth0.custom_domains.verify(custom.custom_domain_id).status
done["custom domains"] = each(auth0.custom_domains.list(), "domain")
profile = auth0.token_exchange_profiles.create(
    name="legacy",
    subject_token_type="urn:acme:legacy",
    action_id="8f1c6e5e-6f0a-4d27-9f0e-0d1c2b3a4f5e",
    type="custom_authentication",
)
done["profile"] = auth0.token_exchange_profiles.get(profile.id).subject_token_type
done["active users"] = auth0.stats.get_active_users_count()
current = next(one for one in auth0.keys.signing.list() if one.current)
done["key"] = auth0.keys.signing.get(current.kid).kid == current.kid
done["settings"] = auth0.tenants.settings.get().enabled_locales
json.dump(done, sys.stdout)
