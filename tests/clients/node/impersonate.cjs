// Impersonation with the methods of the old SDKs: request a link, open it, redeem its code.
'use strict';

const { promisify } = require('util');
const { program, attempt } = require('./program.cjs');

/** auth0 2.x and 3.x: the application passes the global client's token. */
function modern(name) {
  const { AuthenticationClient } = require(name);
  return ({ domain, globalClient, client, audience }) => {
    const asGlobal = new AuthenticationClient({ domain, ...globalClient });
    const asClient = new AuthenticationClient({ domain, ...client });
    return {
      token: async () => (await asGlobal.clientCredentialsGrant({ audience })).access_token,
      impersonate: (userId, settings, token) =>
        asClient.users.impersonate(userId, { ...settings, token }),
      redeem: (code, redirectUri) =>
        asClient.oauth.authorizationCodeGrant({ code, redirect_uri: redirectUri }),
      profile: (accessToken) => asClient.users.getInfo(accessToken),
      describe: ({ message, statusCode, response }) => ({
        message,
        status: statusCode ?? response?.status,
        body: response?.data,
      }),
    };
  };
}

/** auth0 0.8: it fetches the global client's token, and uses callbacks. */
function old() {
  const Client = require('auth0-0.8');
  return ({ domain, globalClient, client, audience }) => {
    const { clientId: clientID, clientSecret } = globalClient;
    return {
      token: () => promisify(Client.getAccessToken)({ domain, clientID, clientSecret, audience }),
      impersonate(userId, settings, accessToken) {
        const sdk = accessToken
          ? new Client({ domain, accessToken })
          : new Client({ domain, clientID, clientSecret });
        return promisify(sdk.impersonateUser.bind(sdk))(userId, {
          client_id: client.clientId,
          ...settings,
        });
      },
      redeem: (code, redirectUri) => redeemByHand(domain, client, code, redirectUri),
      profile: (userAccessToken) => promisify(Client.getUserInfo)({ domain, userAccessToken }),
      describe: ({ message, statusCode }) => ({ message, status: statusCode }),
    };
  };
}

/** Redeem a code without the SDK, which has no method for it. */
async function redeemByHand(domain, client, code, redirectUri) {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    redirect_uri: redirectUri,
    code,
  });
  return (await fetch(`https://${domain}/oauth/token`, { method: 'POST', body })).json();
}

/** Load one SDK: loading all three takes as long as a test. */
const load = (name) => (name === 'auth0-0.8' ? old() : modern(name));

async function open(url) {
  const response = await fetch(url, { redirect: 'manual' });
  return {
    status: response.status,
    location: response.headers.get('location'),
    hint: response.headers.get('mockidp-hint'),
    body: await response.text(),
  };
}

// Each of `suffixes` is added to the link, which is then opened.
program(async (given) => {
  const sdk = load(given.sdk)(given);
  // The old SDK fetches a token itself, unless the test needs one with an audience.
  const passesToken = given.sdk !== 'auth0-0.8' || given.audience;
  const link = await attempt(async () => {
    const token = passesToken ? await sdk.token() : undefined;
    return sdk.impersonate(given.userId, given.settings, token);
  }, sdk.describe);
  const opened = [];
  let tokens = null;
  let profile = null;
  for (const suffix of link.value ? given.suffixes : []) {
    const answer = await open(link.value + suffix);
    opened.push(answer);
    const code = answer.location && new URL(answer.location).searchParams.get('code');
    if (code) {
      tokens = await sdk.redeem(code, given.settings.additionalParameters.callback_url);
      profile = await sdk.profile(tokens.access_token);
    }
  }
  return { link, opened, tokens, profile };
});
