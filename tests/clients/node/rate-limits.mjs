// auth0 6 and openid-client 6 at a tenant with rate limits: retries, refusals and their numbers.
import { AuthenticationClient, UserInfoClient } from 'auth0-6';
import * as client from 'openid-client';
import { controlOf } from './control.mjs';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, name, statusCode, status, headers }) => ({
  error,
  error_description,
  name,
  status: status ?? statusCode,
  reset: headers?.get('x-ratelimit-reset'),
  remaining: headers?.get('x-ratelimit-remaining'),
});

program(async ({ domain, issuer, machine, accessToken, audience, email, control }) => {
  const post = controlOf(control);
  const exhaust = (limit) => post('/rate-limits', { limit });
  const options = { domain, ...machine };
  const retrying = new AuthenticationClient({ ...options, retry: { enabled: true } });
  const once = new AuthenticationClient(options);
  const profiles = new UserInfoClient({ domain, retry: { enabled: false } });
  const token = (sdk) =>
    attempt(async () => (await sdk.oauth.clientCredentialsGrant({ audience })).status, describe);
  const reset = () =>
    attempt(
      async () =>
        (
          await once.database.changePassword({
            email,
            connection: 'Username-Password-Authentication',
          })
        ).status,
      describe,
    );
  const profile = () =>
    attempt(async () => (await profiles.getUserInfo(accessToken)).status, describe);

  await exhaust('token');
  const waiting = token(retrying);
  // It retries after half a second.
  await fetch(`${control}/journal?endpoint=token&wait_seconds=30`);
  await post('/clock', { advance: 1 });
  const auth0 = { recovered: await waiting };
  await exhaust('token');
  Object.assign(auth0, { retried: await token(retrying), token: await token(once) });
  await exhaust('change_password');
  auth0.reset = await reset();
  await exhaust('userinfo');
  auth0.profile = await profile();
  await post('/clock', { advance: 60 });
  auth0.later = [await token(once), await reset(), await profile()];

  const { clientId, clientSecret } = machine;
  const discover = () => client.discovery(new URL(issuer), clientId, clientSecret);
  const config = await discover();
  const openid = {
    token: () => client.clientCredentialsGrant(config, { audience }),
    profile: () => client.fetchUserInfo(config, accessToken, 'auth0|alice'),
    discovery: async () => (await discover()).serverMetadata().issuer,
  };
  await exhaust('token');
  await exhaust('userinfo');
  const refused = {
    token: await attempt(openid.token, describe),
    profile: await attempt(openid.profile, ({ name, code, cause }) => ({
      name,
      code,
      status: cause?.status,
    })),
  };
  await exhaust('authentication_api');
  refused.discovery = await attempt(openid.discovery, ({ name, code, cause }) => ({
    name,
    code,
    status: cause?.status,
  }));
  await post('/clock', { advance: 60 });
  refused.later = await attempt(openid.discovery, describe);
  return { auth0, openid: refused };
});
