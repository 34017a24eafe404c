// auth0 4 and 6: the AuthenticationClient, which verifies every ID token.
import { createHash, randomBytes } from 'node:crypto';
import { logIn } from './login.mjs';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, statusCode, name, message }) => ({
  error,
  error_description,
  status: statusCode,
  name,
  message,
});
const value = ({ data }) => data;

program(async (given) => {
  const { domain, audience, callback, username, password } = given;
  const { AuthenticationClient, UserInfoClient } = await import(given.sdk);
  const machine = new AuthenticationClient({ domain, ...given.machine });
  const web = new AuthenticationClient({ domain, ...given.web });
  const scope = 'openid profile email offline_access read:items';

  async function code({ clientId }, parameters = {}) {
    const url = new URL(`https://${domain}/authorize`);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: callback,
      scope,
      audience,
      state: 'the state',
      ...parameters,
    });
    return (await logIn(url, given)).searchParams.get('code');
  }

  const own = value(await machine.oauth.clientCredentialsGrant({ audience }));
  const password_ = value(
    await web.oauth.passwordGrant({ username, password, scope, audience }),
  );
  const wrongPassword = await attempt(
    () => web.oauth.passwordGrant({ username, password: 'wrong', scope, audience }),
    describe,
  );
  const exchanged = value(
    await web.oauth.authorizationCodeGrant(
      { code: await code(given.web, { nonce: 'n' }), redirect_uri: callback },
      { idTokenValidateOptions: { nonce: 'n' } },
    ),
  );
  const refreshed = value(
    await web.oauth.refreshTokenGrant({ refresh_token: exchanged.refresh_token }),
  );
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const withPkce = value(
    await web.oauth.authorizationCodeGrantWithPKCE({
      code: await code(given.web, { code_challenge: challenge, code_challenge_method: 'S256' }),
      redirect_uri: callback,
      code_verifier: verifier,
    }),
  );
  const profile = value(await new UserInfoClient({ domain }).getUserInfo(exchanged.access_token));
  await web.oauth.revokeRefreshToken({ token: exchanged.refresh_token });
  const revoked = await attempt(
    () => web.oauth.refreshTokenGrant({ refresh_token: exchanged.refresh_token }),
    describe,
  );
  return {
    machine: own,
    password: password_,
    wrongPassword,
    exchanged,
    refreshed,
    withPkce,
    profile,
    revoked,
  };
});
