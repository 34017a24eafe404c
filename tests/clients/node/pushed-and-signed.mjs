// openid-client 6: pushed authorization requests, signed request objects, and both at once.
import * as client from 'openid-client';
import { importKey } from './keys.mjs';
import { logIn } from './login.mjs';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, status, message }) => ({
  error,
  error_description,
  status,
  message,
});

program(async (given) => {
  const { issuer, clientId, clientSecret, callback, audience } = given;
  const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
  const config = await client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    execute,
  });
  const [key, otherKey] = await Promise.all([given.key, given.otherKey].map(importKey));
  const verifier = client.randomPKCECodeVerifier();
  const nonce = client.randomNonce();
  const state = client.randomState();
  const parameters = {
    redirect_uri: callback,
    scope: 'openid email',
    audience,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    nonce,
    state,
  };

  async function finish(url) {
    const landed = await logIn(url, given);
    const tokens = await client.authorizationCodeGrant(config, landed, {
      pkceCodeVerifier: verifier,
      expectedNonce: nonce,
      expectedState: state,
    });
    return { claims: tokens.claims(), names: [...url.searchParams.keys()] };
  }

  const par = (changed) => client.buildAuthorizationUrlWithPAR(config, { ...parameters, ...changed });
  const jar = (signer, changed) =>
    client.buildAuthorizationUrlWithJAR(config, { ...parameters, ...changed }, signer);

  const pushedUrl = await par();
  const both = await jar(key);
  return {
    pushed: await finish(pushedUrl),
    again: await attempt(() => logIn(pushedUrl, given), describe),
    signed: await finish(await jar(key)),
    wrongKey: await attempt(async () => logIn(await jar(otherKey), given), describe),
    both: await finish(await par({ request: both.searchParams.get('request') })),
    wrongCallback: await attempt(() => par({ redirect_uri: 'https://evil.example/' }), describe),
    wrongAudience: await attempt(() => par({ audience: 'https://nope.example/' }), describe),
  };
});
