// openid-client 6: URLs of logouts, and the tenant's answers to a browser without a session.
import * as client from 'openid-client';
import { program } from './program.cjs';

program(async ({ issuer, clientId, requests }) => {
  const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
  const options = { execute };
  const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), options);
  const answers = {};
  for (const [name, parameters] of Object.entries(requests)) {
    const url = client.buildEndSessionUrl(config, parameters);
    const answer = await fetch(url, { redirect: 'manual' });
    answers[name] = {
      status: answer.status,
      location: answer.headers.get('location'),
      hint: answer.headers.get('mockidp-hint'),
    };
  }
  const { backchannel_logout_supported, backchannel_logout_session_supported } =
    config.serverMetadata();
  return { answers, backchannel_logout_supported, backchannel_logout_session_supported };
});
