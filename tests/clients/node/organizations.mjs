// auth0 6 or 4 with organizations: client credentials, and the check of ID tokens.
import { logIn } from './login.mjs';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, statusCode, message }) => ({
  error,
  error_description,
  status: statusCode,
  message,
});

program(async (given) => {
  const { AuthenticationClient } = await import(given.sdk);
  const { domain, audience, callback, organization, other, name } = given;
  const machine = new AuthenticationClient({ domain, ...given.machine });
  const web = new AuthenticationClient({ domain, ...given.web });

  async function authorize(parameters) {
    const url = new URL(`https://${domain}/authorize`);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: given.web.clientId,
      redirect_uri: callback,
      scope: 'openid email',
      state: 'the state',
      ...parameters,
    });
    const landed = (await logIn(url, given)).searchParams;
    if (landed.has('error')) throw new Error(landed.get('error_description'));
    return landed.get('code');
  }

  const exchange = async (sent, expected) => {
    const code = await authorize({ organization: sent });
    const options = { idTokenValidateOptions: { organization: expected } };
    const { data } = await web.oauth.authorizationCodeGrant({ code, redirect_uri: callback }, options);
    return data;
  };
  const own = async (parameters) =>
    (await machine.oauth.clientCredentialsGrant({ audience, ...parameters })).data;

  return {
    machine: await own({ organization }),
    machineWithout: await attempt(() => own({}), describe),
    machineInOther: await attempt(() => own({ organization: other }), describe),
    machineUnknown: await attempt(() => own({ organization: 'org_unknown' }), describe),
    exchanged: await exchange(organization, organization),
    byName: await exchange(name.toUpperCase(), name.toUpperCase()),
    // The SDK checks that the ID token has an organization, and not which one it is.
    withoutId: await attempt(() => exchange('', organization), describe),
    withoutName: await attempt(() => exchange('', name), describe),
    notAMember: await attempt(() => exchange(other, other), describe),
  };
});
