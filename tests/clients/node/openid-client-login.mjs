// openid-client 6, the strict one: the two ends of a login whose middle a browser plays elsewhere.
import * as client from 'openid-client';
import names from './names.cjs';
import { attempt, program } from './program.cjs';

const describe = ({ code, message, cause }) => ({ code, message, cause: cause?.message });

async function discover({ url, clientId, secret }) {
  const options = url.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : {};
  return client.discovery(new URL(url), clientId, secret, client.ClientSecretPost(secret), options);
}

async function begin(config, given) {
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
  const tokens = await client.authorizationCodeGrant(config, new URL(given.landed), {
    ...given.checks,
    idTokenExpected: true,
  });
  const { iss, sub } = tokens.claims();
  const profile = await client.fetchUserInfo(config, tokens.access_token, sub);
  const leave = client.buildEndSessionUrl(config, {
    post_logout_redirect_uri: given.left,
    id_token_hint: tokens.id_token,
  });
  return { iss, email: profile.email, leave: leave.href };
}

program(async (given) => {
  names.know(given.names);
  return attempt(async () => {
    const config = await discover(given);
    return given.landed ? finish(config, given) : begin(config, given);
  }, describe);
});
