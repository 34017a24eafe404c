// auth0 2 and 3: the endpoints of Auth0's legacy pipeline.
'use strict';

const { describe } = require('./old-error.cjs');
const { attempt, program } = require('./program.cjs');

const DATABASE = 'Username-Password-Authentication';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

program(async ({ sdk, domain, clientId, target, user, social }) => {
  const { AuthenticationClient } = require(sdk);
  const client = new AuthenticationClient({ domain, clientId });
  const { database, oauth, tokens } = client;
  const logIn = (changed) =>
    database.signIn({ connection: DATABASE, scope: 'openid email', ...user, ...changed });
  const logInWithGoogle = (changed) =>
    oauth.socialSignIn({ client_id: clientId, scope: 'openid', ...social, ...changed });
  const delegate = (changed) =>
    tokens.getDelegationToken({ target, api_type: 'app', grant_type: JWT_BEARER, ...changed });

  const { id_token } = await logIn();
  return {
    ro: id_token,
    social: (await logInWithGoogle()).id_token,
    info: await tokens.getInfo(id_token),
    delegated: (await delegate({ id_token })).id_token,
    refused: {
      'wrong password': await attempt(() => logIn({ password: 'wrong' }), describe),
      'unknown connection': await attempt(() => logIn({ connection: 'nowhere' }), describe),
      'unknown token of Google': await attempt(
        () => logInWithGoogle({ access_token: 'ya29.other' }),
        describe,
      ),
      'unknown ID token': await attempt(() => tokens.getInfo('unknown'), describe),
      'unknown target of a delegation': await attempt(
        () => delegate({ id_token, target: 'nobody' }),
        describe,
      ),
    },
  };
});
