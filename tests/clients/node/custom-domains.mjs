// openid-client 6 at two domains of one tenant, and what it and the tenant refuse of the other domain.
import * as client from 'openid-client';
import names from './local-names.cjs';
import { logIn } from './login.mjs';
import { attempt, program } from './program.cjs';

const discover = ({ insecure }, issuer) =>
  client.discovery(new URL(issuer), 'acme-web', undefined, client.ClientSecretPost('acme-web-secret'), {
    execute: insecure ? [client.allowInsecureRequests] : [],
  });

async function begin(config, given) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: given.callback,
    scope: 'openid profile email offline_access read:items',
    audience: given.audience,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  });
  const callbackUrl = await logIn(url, given);
  const checks = { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true };
  return (redeemer) => client.authorizationCodeGrant(redeemer, callbackUrl, checks);
}

const describe = ({ code, status, cause }) => ({
  code,
  status,
  iss: (cause?.cause ?? cause)?.claims?.iss,
});
const refused = async (action) => (await attempt(action, describe)).refused;

async function logOut(config, idToken, given) {
  const url = client.buildEndSessionUrl(config, {
    id_token_hint: idToken,
    post_logout_redirect_uri: given.logoutUrl,
  });
  return (await fetch(url, { redirect: 'manual' })).status;
}

program(async (given) => {
  names.resolveLocally(given.names);
  const own = await discover(given, given.own);
  const custom = await discover(given, given.custom);
  const done = {};
  for (const [name, config] of Object.entries({ own, custom })) {
    const redeem = await begin(config, given);
    const tokens = await redeem(config);
    const { sub } = tokens.claims();
    const profile = await client.fetchUserInfo(config, tokens.access_token, sub);
    const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
    done[name] = { tokens, fresh, profile, iss: tokens.claims().iss };
  }
  const ofOwn = done.own.tokens;
  done.refused = {
    'code of another domain': await refused(async () => (await begin(own, given))(custom)),
    'refresh token of another domain': await refused(() =>
      client.refreshTokenGrant(custom, ofOwn.refresh_token),
    ),
    'access token of another domain at userinfo': await refused(() =>
      client.fetchUserInfo(custom, ofOwn.access_token, 'auth0|alice'),
    ),
    'domain that is not verified': await refused(() => discover(given, given.pending)),
  };
  done.loggedOut = await logOut(custom, done.custom.tokens.id_token, given);
  done.hintOfAnotherDomain = await logOut(custom, ofOwn.id_token, given);
  return done;
});
