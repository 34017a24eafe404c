// auth0 4: codes and a link by e-mail and SMS, and what is refused.
import { AuthenticationClient } from 'auth0-4';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, statusCode }) => ({
  error,
  error_description,
  status: statusCode,
});

program(async (given) => {
  const { domain, callback, email, phone } = given;
  const client = new AuthenticationClient({ domain, ...given.client });
  const { passwordless } = client;
  const scope = 'openid profile email phone';

  async function last(to) {
    const answer = await fetch(`https://${domain}/_mockidp/v1/outbox?to=${encodeURIComponent(to)}`);
    return (await answer.json()).items.at(-1);
  }
  const refused = (action) => attempt(action, describe);
  const logIn = (code) => passwordless.loginWithEmail({ email, code, scope });

  await passwordless.sendEmail({ email, send: 'code' });
  const first = (await last(email)).code;
  const byEmail = (await logIn(first)).data;
  const again = await refused(() => logIn(first));

  await passwordless.sendSMS({ phone_number: phone });
  const { code } = await last(phone);
  const wrong = await refused(() =>
    passwordless.loginWithSMS({ phone_number: phone, code: `${code}0`, scope }),
  );
  const bySms = (await passwordless.loginWithSMS({ phone_number: phone, code, scope })).data;

  const authParams = { response_type: 'code', redirect_uri: callback, scope, state: 'the state' };
  await passwordless.sendEmail({ email, send: 'link', authParams });
  const opened = await fetch((await last(email)).link, { redirect: 'manual' });
  const at = new URL(opened.headers.get('location'));
  const byLink = (
    await client.oauth.authorizationCodeGrant({
      code: at.searchParams.get('code'),
      redirect_uri: callback,
    })
  ).data;

  const stranger = new AuthenticationClient({ domain, ...given.client, clientSecret: 'wrong' });
  return {
    byEmail,
    bySms,
    byLink,
    state: at.searchParams.get('state'),
    again,
    wrong,
    badEmail: await refused(() => passwordless.sendEmail({ email: 'food', send: 'code' })),
    badPhone: await refused(() => passwordless.sendSMS({ phone_number: '0777 777' })),
    badConnection: await refused(() => passwordless.sendEmail({ email, connection: 'mail' })),
    wrongSecret: await refused(() => stranger.passwordless.sendEmail({ email, send: 'code' })),
  };
});
