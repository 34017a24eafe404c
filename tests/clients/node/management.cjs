// auth0 2, 3 and 4: the management client. Their methods have the same names, with few exceptions.
'use strict';

const { program } = require('./program.cjs');

const DATABASE = 'Username-Password-Authentication';
const OLD_NAMES = { deleteRoles: 'removeRoles', deletePermissions: 'removePermissions' };

/** Return the value of an answer, which auth0 4 keeps in `data`. */
async function value(answer) {
  const found = await answer;
  return found?.data ?? found;
}

program(async ({ sdk, domain, control, manager, reader }) => {
  const { ManagementClient } = require(sdk);
  const isOld = sdk !== 'auth0-4';
  const retry = { enabled: true, maxRetries: 1, minTimeout: 10 };
  const auth0 = new ManagementClient({ domain, retry, ...manager });
  const withToken = (token) => new ManagementClient({ domain, retry, token });
  const call = (records, method, ...args) =>
    value(records[isOld ? (OLD_NAMES[method] ?? method) : method](...args));
  const { users, roles, clients, connections, organizations } = auth0;
  const { clientGrants: grants, resourceServers: apis } = auth0;
  const done = {};
  const refused = {};

  async function refuse(name, action) {
    try {
      refused[name] = await value(action());
    } catch (error) {
      const body = error.originalError?.response?.body;
      const { statusCode, msg, message } = error;
      const code = error.errorCode ?? body?.errorCode ?? null;
      refused[name] = [error.name, statusCode, msg ?? message, code];
    }
  }

  async function allUsers() {
    const all = [];
    for (let page = 0; ; page += 1) {
      const found = await value(users.getAll({ page, per_page: 50, include_totals: true }));
      if (found.users.length === 0) return all;
      all.push(...found.users);
    }
  }

  const named = { connection: DATABASE, email: 'new@acme.example', password: 'Passw0rd!' };
  const user = await value(
    users.create({ ...named, user_metadata: { plan: 'free', city: 'Wien' } }),
  );
  const id = user.user_id;
  done.created = [user.email, user.email_verified, user.identities[0].connection];
  done.users = (await allUsers()).length;
  const byEmail = isOld
    ? await users.getByEmail(named.email)
    : await value(auth0.usersByEmail.getByEmail({ email: named.email }));
  done.byEmail = byEmail.map((one) => one.email);
  const found = await value(users.getAll({ q: 'email:"new@acme.example"' }));
  done.found = found.map((one) => one.email);
  const change = { name: 'New', user_metadata: { plan: 'gold' } };
  const changed = await value(users.update({ id }, change));
  done.patched = [changed.name, changed.user_metadata];
  done.read = (await value(users.get({ id }))).name;

  const scopes = [{ value: 'read:notes' }];
  const api = await value(
    apis.create({ name: 'Notes', identifier: 'https://notes.example/', scopes }),
  );
  const permissions = [
    { resource_server_identifier: api.identifier, permission_name: 'read:notes' },
  ];
  const role = { id: (await value(roles.create({ name: 'Reader', description: 'Reads' }))).id };
  await roles.addPermissions(role, { permissions });
  await roles.assignUsers(role, { users: [id] });
  await users.assignPermissions({ id }, { permissions });
  const names = (list, key) => list.map((one) => one[key]);
  done.roles = names(await value(roles.getAll()), 'name');
  done.renamed = (await value(roles.update(role, { name: 'Readers' }))).name;
  done.rolesOfUser = names(await value(users.getRoles({ id })), 'name');
  done.usersOfRole = names(await value(roles.getUsers(role)), 'email');
  done.permissionsOfRole = names(await value(roles.getPermissions(role)), 'permission_name');
  done.permissionsOfUser = names(await value(users.getPermissions({ id })), 'permission_name');
  const identifiers = names(await value(apis.getAll()), 'identifier');
  done.apis = identifiers.filter((one) => one === api.identifier);

  const client = await value(clients.create({ name: 'Worker', app_type: 'non_interactive' }));
  const { client_id } = client;
  const grant = await value(
    grants.create({ client_id, audience: api.identifier, scope: ['read:notes'] }),
  );
  done.client = (await value(clients.update({ client_id }, { description: 'Works' }))).description;
  const rotated = await value(clients.rotateClientSecret({ client_id }));
  done.rotated = rotated.client_secret !== client.client_secret;
  done.clients = names(await value(clients.getAll()), 'client_id').includes(client_id);
  done.grants = names(await value(grants.getAll({ client_id })), 'scope');
  const connection = await value(connections.create({ name: 'staff', strategy: 'auth0' }));
  done.connections = names(await value(connections.getAll()), 'name');

  const acme = { name: 'acme', display_name: 'Acme' };
  const organization = { id: (await value(organizations.create(acme))).id };
  await organizations.addMembers(organization, { members: [id] });
  done.organizations = names(await value(organizations.getAll()), 'name');
  done.members = names(await value(organizations.getMembers(organization)), 'email');
  done.organizationsOfUser = names(await value(users.getUserOrganizations({ id })), 'name');

  await refuse('unknown connection', () => users.create({ ...named, connection: 'nowhere' }));
  await refuse('invalid token', () => withToken('no.valid.token').users.get({ id }));
  await refuse('missing scope', () => withToken(reader).users.delete({ id }));
  await refuse('unknown user', () => users.get({ id: 'auth0|nobody' }));
  await refuse('known user', () => users.create(named));

  await call(users, 'deleteRoles', { id }, { roles: [role.id] });
  done.rolesAfterwards = (await value(users.getRoles({ id }))).length;
  await call(roles, 'deletePermissions', role, { permissions });
  await organizations.delete(organization);
  done.organizationsAfterwards = (await value(organizations.getAll())).length;
  await connections.delete({ id: connection.id });
  await grants.delete({ id: grant.id });
  await clients.delete({ client_id });
  await roles.delete(role);
  await apis.delete({ id: api.id });
  await users.delete({ id });
  done.usersAfterwards = (await allUsers()).length;

  const fault = JSON.stringify({ endpoint: 'management', rate_limit: true });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${control}/faults`, { method: 'POST', headers, body: fault });
  await refuse('rate limit', () => users.get({ id: 'auth0|1' }));
  return { done, refused };
});
