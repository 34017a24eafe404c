// Token Vault with the AuthenticationClient of auth0 and with AuthClient of @auth0/auth0-auth-js.
import { AuthClient } from '@auth0/auth0-auth-js';
import { AuthenticationClient } from 'auth0-6';
import { attempt, program } from './program.cjs';

program(async ({ domain, clientId, clientSecret, service, refreshToken, accessToken }) => {
  const app = new AuthClient({ domain, clientId, clientSecret });
  const api = new AuthClient({ domain, ...service });
  const { oauth } = new AuthenticationClient({ domain, clientId, clientSecret });
  const describe = ({ statusCode, error, error_description, cause }) => ({
    status: statusCode,
    error: error ?? cause?.error,
    description: error_description ?? cause?.error_description,
  });
  const own = { client_id: clientId, subject_token: refreshToken }; // it adds only the secret
  const google = { connection: 'google-oauth2' };
  const both = async (more) => ({
    'auth0 6': await attempt(
      async () =>
        (await oauth.tokenForConnection({ ...own, ...google, ...more.auth0 })).data.access_token,
      describe,
    ),
    'auth0-auth-js': await attempt(
      async () =>
        (await app.getTokenForConnection({ ...google, refreshToken, ...more.authJs })).accessToken,
      describe,
    ),
  });
  const hint = 'other@gmail.example';
  return {
    exchanged: await both({}),
    notConnected: await both({
      auth0: { connection: 'slack' },
      authJs: { connection: 'slack' },
    }),
    otherAccount: await both({ auth0: { login_hint: hint }, authJs: { loginHint: hint } }),
    notEnabled: await both({
      auth0: { connection: 'github' },
      authJs: { connection: 'github' },
    }),
    ofService: await attempt(
      async () => (await api.getTokenForConnection({ ...google, accessToken })).accessToken,
      describe,
    ),
  };
});
