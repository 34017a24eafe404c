// openid-client with its defaults, and with optional checks.
import * as client from 'openid-client';
import { follow } from './browser.mjs';

function discover(given, { clientId, clientSecret } = given.web, { execute = [], timeout } = {}) {
  const insecure = given.issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
  return client.discovery(
    new URL(given.issuer),
    clientId,
    clientSecret,
    client.ClientSecretPost(clientSecret),
    { execute: [...insecure, ...execute], timeout },
  );
}

async function logIn(given, options, parameters = {}) {
  const config = await discover(given, given.web, options);
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: given.callback,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  });
  const tokens = await client.authorizationCodeGrant(config, await follow(url), {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  return { config, tokens };
}

async function getMachineToken(given, options) {
  const config = await discover(given, given.machine, options);
  const tokens = await client.clientCredentialsGrant(config, { audience: given.audience });
  return tokens.scope;
}

async function readUserinfo(config, tokens) {
  const { sub } = tokens.claims();
  return (await client.fetchUserInfo(config, tokens.access_token, sub)).sub;
}

export const openidClient = {
  discovers: async (given) => (await discover(given)).serverMetadata().issuer,
  'logs in': async (given) => (await logIn(given)).tokens.claims().sub,
  'logs in silently': async (given) =>
    (await logIn(given, {}, { prompt: 'none' })).tokens.claims().sub,
  'logs in, verifying signatures': async (given) => {
    const options = { execute: [client.enableNonRepudiationChecks] };
    return (await logIn(given, options)).tokens.claims().sub;
  },
  'reads userinfo': async (given) => {
    const { config, tokens } = await logIn(given);
    return readUserinfo(config, tokens);
  },
  refreshes: async (given) => {
    const { config, tokens } = await logIn(given);
    return readUserinfo(config, await client.refreshTokenGrant(config, tokens.refresh_token));
  },
  'gets a token': (given) => getMachineToken(given),
  'gets a token within a second': (given) => getMachineToken(given, { timeout: 1 }),
};
