// Start or finish a login with openid-client 6. A browser does the part in between.
import * as client from 'openid-client';
import localNames from './local-names.cjs';
import { attempt, program } from './program.cjs';

const describe = ({ code, message, cause }) => ({ code, message, cause: cause?.message });

async function discover({ url, clientId, secret }) {
  const options = url.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : {};
  return client.discovery(new URL(url), clientId, secret, client.ClientSecretPost(secret), options);
}

async function start(config, given) {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: given.callback,
    scope: 'openid email',
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  });
  return { url: url.href, checks };
}

async function finish(config, given) {
  const tokens = await client.authorizationCodeGrant(config, new URL(given.callbackUrl), {
    ...given.checks,
    idTokenExpected: true,
  });
  const { iss, sub } = tokens.claims();
  const profile = await client.fetchUserInfo(config, tokens.access_token, sub);
  const logout = client.buildEndSessionUrl(config, {
    post_logout_redirect_uri: given.logoutUrl,
    id_token_hint: tokens.id_token,
  });
  return { iss, email: profile.email, logoutRequest: logout.href };
}

program(async (given) => {
  localNames.resolveLocally(given.names);
  return attempt(async () => {
    const config = await discover(given);
    return given.callbackUrl ? finish(config, given) : start(config, given);
  }, describe);
});
