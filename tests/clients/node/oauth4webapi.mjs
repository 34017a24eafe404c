// oauth4webapi: its flows, and the responses and errors that it refuses.
import * as oauth from 'oauth4webapi';
import { controlOf } from './control.mjs';
import { importKey } from './keys.mjs';
import { logIn } from './login.mjs';
import { attempt, program } from './program.cjs';

const describe = ({ name, code, error, message, cause }) =>
  `${name}: ${error ?? cause?.error ?? code ?? message}`;
const SPA = { client_id: 'acme-spa' };
const NATIVE = { client_id: 'acme-native' };
const SIGNER = { client_id: 'signer' };

program(async (given) => {
  const { callback, audience } = given;
  const http = { [oauth.allowInsecureRequests]: given.issuer.startsWith('http:') };
  const control = controlOf(given.control);
  const fault = (endpoint, words) => control('/faults', { endpoint, times: 1, ...words });
  const issuer = new URL(given.issuer);
  const discover = async (expected) =>
    oauth.processDiscoveryResponse(expected, await oauth.discoveryRequest(issuer, http));
  const as = await discover(issuer);
  const [key, otherKey] = await Promise.all([given.key, given.otherKey].map(importKey));
  const none = oauth.None();

  async function makeRequest(client, parameters) {
    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const sent = {
      client_id: client.client_id,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid email offline_access',
      audience,
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...parameters,
    };
    return { client, verifier, state, nonce, sent };
  }

  async function authorize(sent, action) {
    const url = new URL(as.authorization_endpoint);
    url.search = new URLSearchParams(sent);
    return logIn(url, { ...given, action });
  }

  async function finish(request, landed, { authentication = none, checkSignature } = {}) {
    const { client, verifier, state, nonce } = request;
    const parameters = oauth.validateAuthResponse(as, client, landed, state);
    const response = await oauth.authorizationCodeGrantRequest(
      as, client, authentication, parameters, callback, verifier, http,
    );
    const checks = { expectedNonce: nonce, requireIdToken: true };
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, checks);
    if (checkSignature) await oauth.validateApplicationLevelSignature(as, response, http);
    return { ...tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
  }

  async function code({ changed, options, parameters } = {}) {
    const request = await makeRequest(SPA, parameters);
    const landed = await authorize(request.sent);
    return finish({ ...request, ...changed }, landed, options);
  }

  async function signed() {
    const request = await makeRequest(SIGNER);
    const jar = await oauth.issueRequestObject(as, SIGNER, request.sent, key);
    const landed = await authorize({ client_id: SIGNER.client_id, request: jar });
    return finish(request, landed, { authentication: oauth.PrivateKeyJwt(key) });
  }

  async function push(authentication, parameters) {
    const request = await makeRequest(SIGNER, parameters);
    const response = await oauth.pushedAuthorizationRequest(as, SIGNER, authentication, request.sent, http);
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, SIGNER, response);
    const landed = await authorize({ client_id: SIGNER.client_id, request_uri });
    return finish(request, landed, { authentication });
  }

  async function refresh(token) {
    const response = await oauth.refreshTokenGrantRequest(as, SPA, none, token, http);
    return oauth.processRefreshTokenResponse(as, SPA, response);
  }

  async function revoke(token) {
    return oauth.processRevocationResponse(await oauth.revocationRequest(as, SPA, none, token, http));
  }

  async function userinfo(token, subject) {
    const response = await oauth.userInfoRequest(as, SPA, token, http);
    return oauth.processUserInfoResponse(as, SPA, subject, response);
  }

  async function machine(authentication, parameters) {
    const response = await oauth.clientCredentialsGrantRequest(as, SIGNER, authentication, parameters, http);
    return oauth.processClientCredentialsResponse(as, SIGNER, response);
  }

  async function device(decide) {
    const sent = { scope: 'openid email', audience };
    const asked = await oauth.deviceAuthorizationRequest(as, NATIVE, none, sent, http);
    const codes = await oauth.processDeviceAuthorizationResponse(as, NATIVE, asked);
    await decide?.(codes);
    const answer = await oauth.deviceCodeGrantRequest(as, NATIVE, none, codes.device_code, http);
    return oauth.processDeviceCodeResponse(as, NATIVE, answer);
  }
  const approve = ({ user_code }) => control('/devices/approve', { user_code, user: 'alice' });
  const deny = ({ user_code }) => control('/devices/deny', { user_code });

  const privateKeyJwt = oauth.PrivateKeyJwt(key);
  const tokens = await code({ options: { checkSignature: true } });
  const refreshed = await refresh(tokens.refresh_token);
  const done = {
    code: tokens.claims,
    refreshed: oauth.getValidatedIdTokenClaims(refreshed),
    profile: await userinfo(refreshed.access_token, tokens.claims.sub),
    signed: (await signed()).claims,
    pushed: (await push(privateKeyJwt)).claims,
    device: oauth.getValidatedIdTokenClaims(await device(approve)),
    machine: await machine(privateKeyJwt, { audience }),
  };

  const refused = {};
  const refuse = async (name, action) => {
    refused[name] = (await attempt(action, describe)).refused;
  };
  const refuseWith = async (name, endpoint, words, options) => {
    await fault(endpoint, words);
    await refuse(name, () => code({ options }));
  };
  await fault('discovery', { wrong: 'issuer' });
  await refuse('wrong issuer in discovery', () => discover(issuer));
  await refuse('wrong state', () => code({ changed: { state: 'another' } }));
  await refuseWith('wrong iss in the callback', 'callback', { set: { iss: 'https://another/' } });
  await refuseWith('wrong nonce', 'id_token', { wrong: 'nonce' });
  await refuseWith('wrong iss', 'id_token', { wrong: 'iss' });
  await refuseWith('wrong aud', 'id_token', { wrong: 'aud' });
  await refuseWith('expired ID token', 'id_token', { expired: true });
  await refuseWith('wrong signature', 'id_token', { signature: 'another_key' }, { checkSignature: true });
  const verifier = oauth.generateRandomCodeVerifier();
  await refuse('wrong code verifier', () => code({ changed: { verifier } }));
  await refuse('unknown API', () => code({ parameters: { audience: 'https://nope.example/' } }));
  await refuse('denied login', async () => {
    const request = await makeRequest(SPA);
    return finish(request, await authorize(request.sent, 'deny'));
  });
  await refuse('pushed request with a wrong callback', () => push(privateKeyJwt, { redirect_uri: 'https://evil/' }));
  await refuse('pushed request with a wrong key', () => push(oauth.PrivateKeyJwt(otherKey)));
  await refuse('reused refresh token', () => refresh(tokens.refresh_token));
  const own = await code();
  await revoke(own.refresh_token);
  await refuse('revoked refresh token', () => refresh(own.refresh_token));
  await refuse('userinfo of another user', () => userinfo(own.access_token, 'auth0|bob'));
  await refuse('unknown access token', () => userinfo('unknown', 'auth0|alice'));
  await refuse('device without a decision', () => device());
  await refuse('denied device', () => device(deny));
  await refuse('wrong key of private_key_jwt', () => machine(oauth.PrivateKeyJwt(otherKey), { audience }));
  await refuse('client credentials for an unknown API', () => machine(privateKeyJwt, { audience: 'https://nope/' }));
  if (issuer.protocol === 'http:') {
    await refuse('http without allowInsecureRequests', () => oauth.discoveryRequest(issuer));
  }
  return { ...done, refused };
});
