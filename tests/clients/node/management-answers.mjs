// auth0 5, 6 and 7: answers of many calls of the management client.
import { program } from './program.cjs';

program(async ({ sdk, domain, token, user, client, connection, pem }) => {
  const { ManagementClient } = await import(sdk);
  const auth0 = new ManagementClient({ domain, token });
  const { users, clients, connections, organizations } = auth0;
  const done = {};

  /** Return one member of each item of a list. */
  async function each(list, key) {
    const items = [];
    for await (const one of await list) items.push(one[key]);
    return items;
  }

  done.client = (await clients.get(client)).name;
  done.connection = (await connections.get(connection)).strategy;
  await connections.clients.update(connection, [{ client_id: client, status: true }]);
  done['clients of the connection'] = await each(
    connections.clients.get(connection),
    'client_id',
  );
  done['connections of the client'] = await each(clients.connections.get(client), 'id');
  const key = await clients.credentials.create(client, {
    credential_type: 'public_key',
    name: 'key',
    pem,
  });
  done.credentials = await each(clients.credentials.list(client), 'name');
  done.credential = (await clients.credentials.get(client, key.id)).alg;
  await clients.credentials.delete(client, key.id);

  const { id } = await organizations.create({ name: 'acme', display_name: 'Acme' });
  done.organization = (await organizations.getByName('acme')).display_name;
  await organizations.enabledConnections.add(id, { connection_id: connection });
  const enabled = organizations.enabledConnections.list(id);
  done['connections of the organization'] = await each(enabled, 'connection_id');
  await organizations.members.create(id, { members: [user] });
  const role = await auth0.roles.create({ name: 'Reader' });
  await organizations.members.roles.assign(id, user, { roles: [role.id] });
  done['roles of the member'] = await each(organizations.members.roles.list(id, user), 'name');
  const invitation = await organizations.invitations.create(id, {
    client_id: client,
    inviter: { name: 'Alice' },
    invitee: { email: 'guest@acme.example' },
  });
  const invitees = await each(organizations.invitations.list(id), 'invitee');
  done.invitations = invitees.map((one) => one.email);
  await organizations.invitations.delete(id, invitation.id);
  await organizations.discoveryDomains.create(id, { domain: 'acme.example' });
  done['discovery domains'] = await each(organizations.discoveryDomains.list(id), 'domain');

  const [session] = await each(users.sessions.list(user), 'id');
  const { user_id, clients: of } = await auth0.sessions.get(session);
  done.session = [user_id, of[0].client_id];
  const [refresh] = await each(users.refreshToken.list(user), 'id');
  const { client_id, rotating } = await auth0.refreshTokens.get(refresh);
  done['refresh token'] = [client_id, rotating];
  await auth0.refreshTokens.delete(refresh);
  await auth0.sessions.revoke(session);
  done['sessions afterwards'] = (await each(users.sessions.list(user), 'id')).length;

  const methods = users.authenticationMethods;
  const app = { type: 'totp', name: 'App', totp_secret: 'JBSWY3DPEHPK3PXP' };
  const method = await methods.create(user, app);
  done.methods = await each(methods.list(user), 'type');
  done.method = (await methods.get(user, method.id)).name;
  const { recovery_code } = await users.regenerateRecoveryCode(user);
  done['recovery code'] = recovery_code.length;
  await methods.delete(user, method.id);
  done.blocks = (await auth0.userBlocks.list(user)).blocked_for;
  done.grants = (await each(auth0.userGrants.list({ user_id: user }), 'id')).length;

  const job = await auth0.jobs.verificationEmail.create({ user_id: user });
  done.job = (await auth0.jobs.get(job.id)).type;
  const { ticket } = await auth0.tickets.changePassword({ user_id: user });
  done.ticket = ticket.split('?')[0];
  const { customDomains, tokenExchangeProfiles: profiles } = auth0;
  const custom = await customDomains.create({
    domain: 'login.acme.example',
    type: 'auth0_managed_certs',
  });
  done['custom domain'] = (await customDomains.verify(custom.custom_domain_id)).status;
  done['custom domains'] = await each(customDomains.list(), 'domain');
  const profile = await profiles.create({
    name: 'legacy',
    subject_token_type: 'urn:acme:legacy',
    action_id: '8f1c6e5e-6f0a-4d27-9f0e-0d1c2b3a4f5e',
    type: 'custom_authentication',
  });
  done.profile = (await profiles.get(profile.id)).subject_token_type;
  done['active users'] = await auth0.stats.getActiveUsersCount();
  const { kid } = (await auth0.keys.signing.list()).find((one) => one.current);
  done.key = (await auth0.keys.signing.get(kid)).kid === kid;
  done.settings = (await auth0.tenants.settings.get()).enabled_locales;
  return done;
});
