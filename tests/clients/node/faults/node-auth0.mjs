// Auth0's own SDK for Node, which verifies ID tokens, and retries if configured.
import { AuthenticationClient, UserInfoClient } from 'auth0-4';
import { follow } from './browser.mjs';

async function logIn(given) {
  const { domain, callback: redirect_uri } = given;
  const url = new URL(`https://${domain}/authorize`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: given.web.clientId,
    redirect_uri,
    scope: 'openid profile email offline_access',
    state: 'the state',
    nonce: 'the nonce',
  });
  const code = (await follow(url)).searchParams.get('code');
  const auth0 = new AuthenticationClient({ domain, ...given.web });
  const { data } = await auth0.oauth.authorizationCodeGrant(
    { code, redirect_uri },
    { idTokenValidateOptions: { nonce: 'the nonce' } },
  );
  return { auth0, data };
}

function subjectOf(idToken) {
  if (!idToken) return 'nobody';
  return JSON.parse(Buffer.from(idToken.split('.')[1], 'base64url')).sub;
}

async function getMachineToken({ domain, machine, audience }, options = {}) {
  const auth0 = new AuthenticationClient({ domain, ...machine, ...options });
  return (await auth0.oauth.clientCredentialsGrant({ audience })).data.scope;
}

async function readUserinfo({ domain }, { access_token }) {
  return (await new UserInfoClient({ domain }).getUserInfo(access_token)).data.sub;
}

export const nodeAuth0 = {
  'logs in': async (given) => subjectOf((await logIn(given)).data.id_token),
  'reads userinfo': async (given) => readUserinfo(given, (await logIn(given)).data),
  refreshes: async (given) => {
    const { auth0, data } = await logIn(given);
    const { refresh_token } = data;
    return readUserinfo(given, (await auth0.oauth.refreshTokenGrant({ refresh_token })).data);
  },
  'gets a token': (given) => getMachineToken(given),
  'gets a token within a second': (given) => getMachineToken(given, { timeoutDuration: 1000 }),
  'gets a token, with retries': (given) => getMachineToken(given, { retry: { enabled: true } }),
};
