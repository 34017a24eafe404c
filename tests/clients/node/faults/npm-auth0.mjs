// npm's auth0 3, the last SDK with impersonation: request a link, open it, redeem its code.
import auth0 from 'auth0-3';
import { follow } from './browser.mjs';

async function impersonate({ domain, global, web, callback }) {
  const asGlobal = new auth0.AuthenticationClient({ domain, ...global });
  const asWeb = new auth0.AuthenticationClient({ domain, ...web });
  const { access_token: token } = await asGlobal.clientCredentialsGrant({});
  const link = await asWeb.users.impersonate('auth0|alice', {
    impersonator_id: 'auth0|admin',
    protocol: 'oauth2',
    additionalParameters: {
      response_type: 'code',
      scope: 'openid profile',
      state: '/admin',
      callback_url: callback,
    },
    token,
  });
  const code = (await follow(link)).searchParams.get('code');
  const tokens = await asWeb.oauth.authorizationCodeGrant({ code, redirect_uri: callback });
  return (await asWeb.users.getInfo(tokens.access_token)).sub;
}

export const npmAuth0 = { impersonates: impersonate };
