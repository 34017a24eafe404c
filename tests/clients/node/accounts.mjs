// auth0 4: sign up, reset a password with the link of the e-mail, and what is refused.
import { AuthenticationClient } from 'auth0-4';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, statusCode, body }) => ({
  error,
  error_description,
  status: statusCode,
  name: JSON.parse(body).name,
});

program(async (given) => {
  const { domain, email, password, newPassword, connection } = given;
  const client = new AuthenticationClient({ domain, ...given.client });
  const { database } = client;
  const refused = (action) => attempt(action, describe);
  const user = { email, password, connection };

  async function last(kind) {
    const answer = await fetch(`https://${domain}/_mockidp/v1/outbox?to=${email}&kind=${kind}`);
    return (await answer.json()).items.at(-1);
  }

  const signedUp = (
    await database.signUp({ ...user, name: 'Dora D.', user_metadata: { plan: 'gold' } })
  ).data;
  const verified = await fetch((await last('verify_email')).link);
  const sent = (await database.changePassword({ email, connection })).data;
  const form = { 'password-reset': newPassword, 're-enter-password': newPassword };
  const changed = await fetch((await last('reset_email')).link, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const logIn = (secret) =>
    client.oauth.passwordGrant({ username: email, password: secret, realm: connection });
  return {
    signedUp,
    verified: verified.status,
    sent,
    changed: changed.status,
    tokens: Object.keys((await logIn(newPassword)).data),
    unknownUser: (await database.changePassword({ email: 'x@acme.example', connection })).data,
    again: await refused(() => database.signUp(user)),
    weak: await refused(() => database.signUp({ ...user, email: 'a@acme.example', password: 'x' })),
    nowhere: await refused(() => database.signUp({ ...user, connection: 'nowhere' })),
    resetNowhere: await refused(() => database.changePassword({ email, connection: 'nowhere' })),
    notAnAddress: await refused(() => database.signUp({ ...user, email: 'dora' })),
    oldPassword: await attempt(
      () => logIn(password),
      ({ error, statusCode }) => ({ error, status: statusCode }),
    ),
  };
});
