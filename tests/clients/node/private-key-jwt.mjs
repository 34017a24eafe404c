// private_key_jwt as openid-client 6 and auth0 4 and 6 sign it: a machine's token, and refusals.
import { randomUUID } from 'node:crypto';
import * as client from 'openid-client';
import { importKey } from './keys.mjs';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, status, statusCode, message }) => ({
  error,
  error_description,
  status: status ?? statusCode,
  message,
});

program(async (given) => {
  const { issuer, domain, clientId, key, otherKey, audience } = given;
  const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];

  async function openidClient(pem, options) {
    const method = client.PrivateKeyJwt(await importKey(pem), options);
    const config = await client.discovery(new URL(issuer), clientId, undefined, method, { execute });
    return attempt(() => client.clientCredentialsGrant(config, { audience }), describe);
  }

  const changed = (claims) => ({
    [client.modifyAssertion]: (_header, payload) => Object.assign(payload, claims),
  });
  const once = changed({ jti: randomUUID() });
  const openid = {
    token: await openidClient(key),
    wrongKey: await openidClient(otherKey),
    tokenEndpoint: await openidClient(key, changed({ aud: `${issuer}oauth/token` })),
    first: await openidClient(key, once),
    again: await openidClient(key, once),
  };
  if (!domain) return { openid };

  async function auth0(sdk, clientAssertionSigningKey) {
    const { AuthenticationClient } = await import(sdk);
    const options = { domain, clientId, clientAssertionSigningKey };
    const { oauth } = new AuthenticationClient(options);
    return attempt(async () => (await oauth.clientCredentialsGrant({ audience })).data, describe);
  }

  const answers = { openid };
  for (const sdk of ['auth0-6', 'auth0-4']) {
    answers[sdk] = { token: await auth0(sdk, key), wrongKey: await auth0(sdk, otherKey) };
  }
  return answers;
});
