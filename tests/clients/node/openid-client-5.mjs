// openid-client 5: its flows, and the responses and errors that it refuses.
import { createPrivateKey } from 'node:crypto';
import { Issuer, generators } from 'openid-client-5';
import { controlOf } from './control.mjs';
import { logIn } from './login.mjs';
import { attempt, program } from './program.cjs';

const describe = ({ name, message }) => `${name}: ${message}`;

function makeClients(issuer, { callback, web, key, otherKey }) {
  const make = (client_id, metadata, jwks) =>
    new issuer.Client({ client_id, redirect_uris: [callback], ...metadata }, jwks);
  const open = { token_endpoint_auth_method: 'none' };
  const secret = { token_endpoint_auth_method: 'client_secret_post' };
  const signing = (pem) =>
    make('signer', { token_endpoint_auth_method: 'private_key_jwt', request_object_signing_alg: 'RS256' }, {
      keys: [createPrivateKey(pem).export({ format: 'jwk' })],
    });
  return {
    spa: make('acme-spa', open),
    native: make('acme-native', open),
    web: make(web.clientId, { client_secret: web.clientSecret, ...secret }),
    basic: make(web.clientId, { client_secret: web.clientSecret }),
    stranger: make(web.clientId, { client_secret: 'wrong', ...secret }),
    signer: signing(key),
    otherSigner: signing(otherKey),
  };
}

program(async (given) => {
  const { callback, audience } = given;
  const control = controlOf(given.control);
  const fault = (endpoint, words) => control('/faults', { endpoint, times: 1, ...words });
  const issuer = await Issuer.discover(given.issuer);
  const { spa, native, web, basic, stranger, signer, otherSigner } = makeClients(issuer, given);

  async function request(client, parameters, action) {
    const response_type = parameters?.response_type ?? 'code';
    const checks = { state: generators.state(), nonce: generators.nonce(), response_type };
    if (response_type.includes('code')) checks.code_verifier = generators.codeVerifier();
    const pkce = checks.code_verifier && {
      code_challenge: generators.codeChallenge(checks.code_verifier),
      code_challenge_method: 'S256',
    };
    const { state, nonce } = checks;
    const scope = 'openid profile email offline_access';
    const sent = { scope, audience, state, nonce, ...pkce, ...parameters };
    const landed = await logIn(client.authorizationUrl(sent), { ...given, action });
    return { checks, landed, isPosted: parameters?.response_mode === 'form_post' };
  }

  function finish(client, { checks, landed, isPosted }, changed) {
    const posted = { method: 'POST', url: landed.pathname, body: landed.search.slice(1) };
    const answer = isPosted ? posted : landed.href.replace('#', '?');
    return client.callback(callback, client.callbackParams(answer), { ...checks, ...changed });
  }

  const logInWith = async (client, parameters, changed) =>
    finish(client, await request(client, parameters), changed);

  async function logInOnDevice(decide, by) {
    await fault('device_code', { set: { interval: 0.001 } });
    const handle = await native.deviceAuthorization({ scope: 'openid email', audience });
    await control(`/devices/${decide}`, { user_code: handle.user_code, ...by });
    return handle.poll();
  }

  async function pushed() {
    const { request_uri } = await web.pushedAuthorizationRequest({ response_type: 'code', scope: 'openid' });
    const landed = await logIn(web.authorizationUrl({ request_uri }), given);
    return web.callback(callback, web.callbackParams(landed.href));
  }

  async function signed() {
    const state = generators.state();
    const sent = { response_type: 'code', redirect_uri: callback, scope: 'openid', state };
    const url = signer.authorizationUrl({ request: await signer.requestObject(sent) });
    const landed = await logIn(url, given);
    return signer.callback(callback, signer.callbackParams(landed.href), { state });
  }

  async function endSession(tokens, parameters) {
    const url = spa.endSessionUrl({ id_token_hint: tokens.id_token, ...parameters });
    const { status, headers } = await fetch(url, { redirect: 'manual' });
    return { status, location: headers.get('location') };
  }

  const machine = (client) => client.grant({ grant_type: 'client_credentials', audience });
  const tokens = await logInWith(spa);
  const refreshed = await spa.refresh(tokens);
  const done = {
    code: tokens.claims(),
    profile: await spa.userinfo(refreshed),
    refreshed: refreshed.claims(),
    posted: (await logInWith(web, { response_mode: 'form_post' })).claims(),
    hybrid: (await logInWith(web, { response_type: 'code id_token', response_mode: 'form_post' })).claims(),
    implicit: (await logInWith(spa, { response_type: 'id_token token' })).claims(),
    pushed: (await pushed()).claims(),
    signed: (await signed()).claims(),
    recent: (await logInWith(spa, { max_age: 100 }, { max_age: 100 })).claims(),
    basic: (await logInWith(basic)).claims(),
    device: (await logInOnDevice('approve', { user: 'alice' })).claims(),
    machine: await machine(signer),
    loggedOut: await endSession(tokens, { post_logout_redirect_uri: given.logoutUrl }),
  };

  const refused = {};
  const refuse = async (name, action) => {
    refused[name] = (await attempt(action, describe)).refused;
  };
  const refuseWith = async (name, endpoint, words, parameters) => {
    await fault(endpoint, words);
    await refuse(name, () => logInWith(parameters?.client ?? spa, parameters?.sent));
  };
  await refuse('wrong state', () => logInWith(spa, {}, { state: 'another' }));
  await refuseWith('wrong iss in the callback', 'callback', { set: { iss: 'https://another/' } });
  await refuseWith('wrong nonce', 'id_token', { wrong: 'nonce' });
  await refuseWith('wrong iss', 'id_token', { wrong: 'iss' });
  await refuseWith('wrong aud', 'id_token', { wrong: 'aud' });
  await refuseWith('expired ID token', 'id_token', { expired: true });
  await fault('id_token', { set: { auth_time: 1 } });
  await refuse('login before max_age', () => logInWith(spa, { max_age: 100 }, { max_age: 100 }));
  await refuseWith('wrong signature', 'id_token', { signature: 'another_key' });
  const implicit = { sent: { response_type: 'id_token token' } };
  await refuseWith('wrong at_hash', 'id_token', { set: { at_hash: 'x' } }, implicit);
  const hybrid = { client: web, sent: { response_type: 'code id_token', response_mode: 'form_post' } };
  await refuseWith('wrong c_hash', 'id_token', { set: { c_hash: 'x' } }, hybrid);
  await refuse('wrong code verifier', () => logInWith(spa, {}, { code_verifier: generators.codeVerifier() }));
  const used = await request(spa);
  await finish(spa, used);
  await refuse('used code', () => finish(spa, used));
  await refuse('denied login', async () => finish(spa, await request(spa, {}, 'deny')));
  await refuse('wrong client secret', () => logInWith(stranger));
  await refuse('reused refresh token', () => spa.refresh(tokens));
  await fault('userinfo', { set: { sub: 'auth0|bob' } });
  const own = await logInWith(spa);
  await refuse('userinfo of another user', () => spa.userinfo(own));
  await refuse('unknown access token', () => spa.userinfo('unknown'));
  await spa.revoke(own.refresh_token, 'refresh_token');
  await refuse('revoked refresh token', () => spa.refresh(own.refresh_token));
  await refuse('denied device', () => logInOnDevice('deny'));
  await refuse('wrong key of private_key_jwt', () => machine(otherSigner));
  done.unregisteredLogout = await endSession(own, { post_logout_redirect_uri: 'http://localhost:1/' });
  return { ...done, refused };
});
