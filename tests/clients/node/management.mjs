// auth0 5, 6 and 7: the management client, which is generated from Auth0's description of the API.
import { program } from './program.cjs';

const DATABASE = 'Username-Password-Authentication';
const ONCE = { maxRetries: 0 };

/** Return all items of a list, page by page. */
async function all(list) {
  const items = [];
  for await (const one of await list) items.push(one);
  return items;
}

/** Return one member of each item of a list. */
const each = async (list, key) => (await all(list)).map((one) => one[key]);

program(async ({ sdk, domain, control, manager, reader }) => {
  const { ManagementClient } = await import(sdk);
  const auth0 = new ManagementClient({ domain, ...manager });
  const withToken = (token) => new ManagementClient({ domain, token });
  const { users, roles, clients, connections, organizations } = auth0;
  const { clientGrants: grants, resourceServers: apis } = auth0;
  const done = {};
  const refused = {};

  async function refuse(name, action) {
    try {
      refused[name] = await action();
    } catch (error) {
      const { message, errorCode = null } = error.body;
      refused[name] = [error.name, error.statusCode, message, errorCode];
    }
  }

  const named = { connection: DATABASE, email: 'new@acme.example', password: 'Passw0rd!' };
  const user = await users.create({ ...named, user_metadata: { plan: 'free', city: 'Wien' } });
  const id = user.user_id;
  done.created = [user.email, user.email_verified, user.identities[0].connection];
  done.users = (await all(users.list())).length;
  const byEmail = await users.listUsersByEmail({ email: named.email });
  done.byEmail = byEmail.map((one) => one.email);
  done.found = await each(users.list({ q: 'email:"new@acme.example"' }), 'email');
  const changed = await users.update(id, { name: 'New', user_metadata: { plan: 'gold' } });
  done.patched = [changed.name, changed.user_metadata];
  done.read = (await users.get(id)).name;

  const scopes = [{ value: 'read:notes' }];
  const api = await apis.create({ name: 'Notes', identifier: 'https://notes.example/', scopes });
  const permissions = [
    { resource_server_identifier: api.identifier, permission_name: 'read:notes' },
  ];
  const role = (await roles.create({ name: 'Reader', description: 'Reads notes' })).id;
  await roles.permissions.add(role, { permissions });
  await roles.users.assign(role, { users: [id] });
  await users.permissions.create(id, { permissions });
  done.roles = await each(roles.list(), 'name');
  done.renamed = (await roles.update(role, { name: 'Readers' })).name;
  done.rolesOfUser = await each(users.roles.list(id), 'name');
  done.usersOfRole = await each(roles.users.list(role), 'email');
  done.permissionsOfRole = await each(roles.permissions.list(role), 'permission_name');
  done.permissionsOfUser = await each(users.permissions.list(id), 'permission_name');
  done.apis = (await each(apis.list(), 'identifier')).filter((one) => one === api.identifier);

  const client = await clients.create({ name: 'Worker', app_type: 'non_interactive' });
  const { client_id } = client;
  const grant = await grants.create({
    client_id,
    audience: api.identifier,
    scope: ['read:notes'],
  });
  done.client = (await clients.update(client_id, { description: 'Works' })).description;
  const rotated = await clients.rotateSecret(client_id);
  done.rotated = rotated.client_secret !== client.client_secret;
  done.clients = (await each(clients.list(), 'client_id')).includes(client_id);
  done.grants = await each(grants.list({ client_id }), 'scope');
  const connection = await connections.create({ name: 'staff', strategy: 'auth0' });
  done.connections = await each(connections.list(), 'name');

  const organization = (await organizations.create({ name: 'acme', display_name: 'Acme' })).id;
  await organizations.members.create(organization, { members: [id] });
  done.organizations = await each(organizations.list(), 'name');
  done.members = await each(organizations.members.list(organization), 'email');
  done.organizationsOfUser = await each(users.organizations.list(id), 'name');

  const { kid } = await auth0.keys.signing.rotate();
  const { ticket } = await auth0.tickets.verifyEmail({ user_id: id });
  const settings = await auth0.tenants.settings.update({ support_email: 'help@acme.example' });
  const more = {
    settings: settings.support_email,
    isKeyListed: (await auth0.keys.signing.list()).some((one) => one.kid === kid),
    ticket: new URL(ticket).pathname,
    logs: (await each(auth0.logs.list({ per_page: 50 }), 'type')).includes('sapi'),
  };

  await refuse('unknown connection', () => users.create({ ...named, connection: 'nowhere' }));
  await refuse('invalid token', () => withToken('no.valid.token').users.get(id));
  await refuse('missing scope', () => withToken(reader).users.delete(id));
  await refuse('unknown user', () => users.get('auth0|nobody'));
  await refuse('known user', () => users.create(named, ONCE));

  await users.roles.delete(id, { roles: [role] });
  done.rolesAfterwards = (await all(users.roles.list(id))).length;
  await roles.permissions.delete(role, { permissions });
  await organizations.delete(organization);
  done.organizationsAfterwards = (await all(organizations.list())).length;
  await connections.delete(connection.id);
  await grants.delete(grant.id);
  await clients.delete(client_id);
  await roles.delete(role);
  await apis.delete(api.id);
  await users.delete(id);
  done.usersAfterwards = (await all(users.list())).length;

  const fault = JSON.stringify({ endpoint: 'management', rate_limit: true });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${control}/faults`, { method: 'POST', headers, body: fault });
  await refuse('rate limit', () => users.get('auth0|1', {}, { maxRetries: 1 }));
  return { done, more, refused };
});
