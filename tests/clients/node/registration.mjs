// openid-client 6 registers a client (RFC 7591) and logs in with it.
import * as client from 'openid-client';
import { logIn } from './login.mjs';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, status, message }) => ({
  error,
  error_description,
  status,
  message,
});

program(async (given) => {
  const { issuer, callback, audience } = given;
  const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
  const register = (metadata) =>
    client.dynamicClientRegistration(
      new URL(issuer),
      { client_name: 'Dynamic', redirect_uris: [callback], ...metadata },
      undefined,
      { execute },
    );
  const config = await register({ grant_types: ['authorization_code', 'refresh_token'] });
  const verifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    audience,
    scope: 'read:items',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: 's',
  });
  const landed = await logIn(url, given);
  const tokens = await client.authorizationCodeGrant(config, landed, {
    pkceCodeVerifier: verifier,
    expectedState: 's',
  });
  return {
    client: config.clientMetadata(),
    accessToken: tokens.access_token,
    wrongUri: await attempt(() => register({ redirect_uris: ['not a url'] }), describe),
  };
});
