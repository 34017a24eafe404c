// The AuthenticationClient of auth0 2, 3, 4 and 6: grants, accounts, passwordless, PAR and exchanges.
'use strict';

const { describe } = require('./old-error.cjs');
const { program, attempt } = require('./program.cjs');

/** auth0 4 and 6: one object for each group of endpoints; a response has `data`. */
function modern({ AuthenticationClient }, { domain, ...options }) {
  const client = new AuthenticationClient({ domain, ...options });
  const { oauth, passwordless, database, tokenExchange } = client;
  return {
    password: (form) => oauth.passwordGrant(form),
    machine: (audience) => oauth.clientCredentialsGrant({ audience }),
    refresh: (refresh_token) => oauth.refreshTokenGrant({ refresh_token }),
    signUp: (form) => database.signUp({ connection: DATABASE, ...form }),
    reset: (email) => database.changePassword({ connection: DATABASE, email }),
    sendCode: (email) => passwordless.sendEmail({ email, send: 'code' }),
    logIn: (email, code) => passwordless.loginWithEmail({ email, code, scope: 'openid' }),
    push: (form) => oauth.pushedAuthorization({ client_id: options.clientId, ...form }),
    exchange: (form) => tokenExchange.exchangeToken(form),
    value: (answer) => answer?.data ?? answer,
    describe: ({ error, error_description, statusCode, message }) => ({
      error,
      description: error_description,
      status: statusCode,
      message,
    }),
  };
}

/** auth0 2 and 3: the answer is the body. */
function old({ AuthenticationClient }, { domain, ...options }) {
  const { oauth, passwordless, database } = new AuthenticationClient({ domain, ...options });
  const own = { client_secret: options.clientSecret };
  return {
    password: (form) => oauth.passwordGrant(form),
    machine: (audience) => oauth.clientCredentialsGrant({ audience, ...own }),
    refresh: (refresh_token) => oauth.refreshToken({ refresh_token, ...own }),
    signUp: (form) => database.signUp({ connection: DATABASE, ...form }),
    reset: (email) => database.requestChangePasswordEmail({ email, connection: DATABASE }),
    sendCode: (email) => passwordless.sendEmail({ email, send: 'code' }),
    logIn: (username, otp) =>
      passwordless.signIn({ username, otp, realm: 'email', scope: 'openid' }),
    value: (answer) => answer,
    describe,
  };
}

const DATABASE = 'Username-Password-Authentication';

program(async ({ sdk, domain, web, machine, audience, callback, users, subject }) => {
  const adapt = /^auth0-[46]/.test(sdk) ? modern : old;
  const loaded = require(sdk);
  const make = (client) => adapt(loaded, { domain, ...client });
  const [app, service] = [make(web), make(machine)];
  const [stranger, robber] = [web, machine].map((one) => make({ ...one, clientSecret: 'wrong' }));
  const done = {};
  const run = async (name, action, { value, describe } = app) => {
    done[name] = await attempt(async () => value(await action()), describe);
    return done[name].value;
  };
  const { alice, signedUp, withCode } = users;
  const scope = 'openid offline_access read:items';
  const lastCode = async (to) => {
    const answer = await fetch(`https://${domain}/_mockidp/v1/outbox?to=${to}`);
    return (await answer.json()).items.at(-1).code;
  };

  const tokens = await run('password', () => app.password({ ...alice, scope, audience }));
  await run('wrongPassword', () => app.password({ ...alice, password: 'wrong', audience }));
  await run('wrongAudience', () => app.password({ ...alice, audience: 'https://no.example/' }));
  await run('wrongSecret', () => stranger.password({ ...alice, audience }));
  await run('refreshed', () => app.refresh(tokens.refresh_token));
  await run('unknownRefreshToken', () => app.refresh('unknown'));

  await run('machine', () => service.machine(audience));
  await run('machineWrongSecret', () => robber.machine(audience));
  await run('machineWrongAudience', () => service.machine('https://no.example/'));
  await run('machineWithoutGrant', () => app.machine(audience));

  await run('signedUp', () => app.signUp(signedUp));
  await run('signedUpAgain', () => app.signUp(signedUp));
  await run('weakPassword', () => app.signUp({ email: 'weak@acme.example', password: 'weak' }));
  await run('badEmail', () => app.signUp({ email: 'no address', password: signedUp.password }));
  await run('loggedIn', () =>
    app.password({ username: signedUp.email, password: signedUp.password, scope: 'openid' }),
  );
  await run('reset', () => app.reset(signedUp.email));
  await run('resetOfNobody', () => app.reset('nobody@acme.example'));

  await run('sentCode', () => app.sendCode(withCode));
  const code = await lastCode(withCode);
  await run('wrongCode', () => app.logIn(withCode, '000000'));
  await run('byCode', () => app.logIn(withCode, code));
  await run('codeAgain', () => app.logIn(withCode, code));
  await run('sentToNobody', () => app.sendCode('no address'));
  if (adapt === old) return done;

  const request = { response_type: 'code', redirect_uri: callback, scope: 'openid' };
  await run('pushed', () => app.push(request));
  await run('pushedWrongCallback', () => app.push({ ...request, redirect_uri: 'https://evil/' }));
  await run('pushedWrongAudience', () => app.push({ ...request, audience: 'https://no.example/' }));
  await run('pushedWrongSecret', () => stranger.push(request));

  const exchange = { subject_token_type: subject.type, audience, scope: 'openid' };
  const subject_token = subject.token;
  await run('exchanged', () => app.exchange({ ...exchange, subject_token }));
  await run('exchangedUnknown', () => app.exchange({ ...exchange, subject_token: 'unknown' }));
  await run('exchangedDenied', () => app.exchange({ ...exchange, subject_token: 'stolen' }));
  await run('exchangedWrongType', () =>
    app.exchange({ ...exchange, subject_token, subject_token_type: 'urn:acme:other' }),
  );

  const kind = (name) => `http://auth0.com/oauth/token-type/${name}`;
  const native = { subject_token: 'apple-ada', subject_token_type: kind('apple-authz-code') };
  await run('native', () => app.exchange({ ...native, scope: 'openid' }));
  await run('nativeUnknown', () => app.exchange({ ...native, subject_token: 'unknown' }));
  await run('nativeNotAllowed', () =>
    app.exchange({ ...native, subject_token_type: kind('google-id-token') }),
  );
  return done;
});
