// openid-client 6: the device flow. The user of the device decides with calls of the control API.
import * as client from 'openid-client';
import { controlOf } from './control.mjs';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, status }) => ({ error, error_description, status });

program(async ({ issuer, clientId, control, audience }) => {
  const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
  const options = { execute };
  const discover = (id, secret) =>
    client.discovery(new URL(issuer), id, secret, secret ? undefined : client.None(), options);
  const config = await discover(clientId);

  const call = controlOf(control);
  const answers = [];
  config[client.customFetch] = async (url, init) => {
    const answer = await fetch(url, init);
    const { error } = await answer.clone().json();
    answers.push([answer.status, error ?? 'tokens']);
    if (error === 'slow_down') await call('/clock', { advance: 5 });
    return answer;
  };

  const request = (changed) =>
    client.initiateDeviceAuthorization(config, {
      scope: 'openid email offline_access',
      audience,
      ...changed,
    });
  // The interval of the first poll only: the test need not wait for it.
  const poll = (codes) => client.pollDeviceAuthorizationGrant(config, { ...codes, interval: 0.01 });

  const codes = await request();
  answers.length = 0;
  const polling = poll(codes);
  while (answers.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await call('/devices/approve', { user_code: codes.user_code, user: 'alice' });
  const tokens = await polling;
  const seen = [...answers];

  const refused = {};
  refused.used = await attempt(() => poll(codes), describe);
  const denied = await request();
  await call('/devices/deny', { user_code: denied.user_code });
  refused.denied = await attempt(() => poll(denied), describe);
  const late = await request();
  await call('/clock', { advance: 900 });
  refused.expired = await attempt(() => poll(late), describe);
  refused.audience = await attempt(() => request({ audience: 'https://nope.example/' }), describe);
  const confidential = await discover('acme-web', 'acme-web-secret');
  refused.secret = await attempt(
    () => client.initiateDeviceAuthorization(confidential, { scope: 'openid' }),
    describe,
  );
  return { codes, seen, claims: tokens.claims(), names: Object.keys(tokens), refused };
});
