// openid-client 6: discovery, code flow with PKCE, userinfo, refresh, and client credentials.
import * as client from 'openid-client';
import { logIn } from './login.mjs';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, status, code, message }) => ({
  error,
  error_description,
  status,
  code,
  message,
});

function discover(given, clientId, secret, authentication) {
  return client.discovery(new URL(given.issuer), clientId, secret, authentication, {
    execute: given.issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
  });
}

async function codeFlow(config, given) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: given.callback,
    scope: 'openid profile email offline_access read:items',
    audience: given.audience,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const callbackUrl = await logIn(url, given);
  const checks = { expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  const pkceCodeVerifier = given.wrongVerifier ? client.randomPKCECodeVerifier() : verifier;
  return client.authorizationCodeGrant(config, callbackUrl, { ...checks, pkceCodeVerifier });
}

program(async (given) => {
  const none = client.None();
  const config = await discover(given, given.clientId, undefined, none);
  const tokens = await codeFlow(config, given);
  const claims = tokens.claims();
  const profile = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
  const reused = await attempt(
    () => client.refreshTokenGrant(config, tokens.refresh_token),
    describe,
  );
  const family = await attempt(
    () => client.refreshTokenGrant(config, refreshed.refresh_token),
    describe,
  );
  const wrongVerifier = await attempt(() => codeFlow(config, { ...given, wrongVerifier: true }), describe);

  const { clientId, clientSecret } = given.machine;
  const methods = { post: client.ClientSecretPost, basic: client.ClientSecretBasic };
  const machine = {};
  for (const [name, method] of Object.entries(methods)) {
    const own = await discover(given, clientId, clientSecret, method(clientSecret));
    machine[name] = await client.clientCredentialsGrant(own, { audience: given.audience });
  }
  const issuer = config.serverMetadata().issuer;
  return { issuer, tokens, claims, profile, refreshed, reused, family, wrongVerifier, machine };
});
