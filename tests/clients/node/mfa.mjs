// The MFA client of @auth0/auth0-auth-js, which auth0-spa-js and nextjs-auth0 use as well.
import { MfaClient } from '@auth0/auth0-auth-js';
import { attempt, program } from './program.cjs';

const GRANT = 'http://auth0.com/oauth/grant-type';
const describe = ({ name, message, cause }) => ({ name, message, error: cause?.error });

program(async ({ domain, clientId, clientSecret, username, password, control }) => {
  const mfa = new MfaClient({ domain, clientId, clientSecret });
  const client = { client_id: clientId, client_secret: clientSecret };

  async function token(form) {
    const answer = await fetch(`https://${domain}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...client, ...form }),
    });
    return { status: answer.status, ...(await answer.json()) };
  }

  const logIn = (more = {}) =>
    token({ grant_type: 'password', username, password, scope: 'openid', ...more });
  const code = async () => (await (await fetch(`${control}/users/alice/totp`)).json()).code;
  const outbox = async () => (await (await fetch(`${control}/outbox`)).json()).items.at(-1);
  const try_ = (action) => attempt(action, describe);

  const required = await logIn();
  const mfaToken = required.mfa_token;
  const before = await mfa.listAuthenticators({ mfaToken });
  const notEnrolled = await try_(() =>
    mfa.challengeAuthenticator({ mfaToken, challengeType: 'otp' }),
  );
  const wrongPhone = await try_(() =>
    mfa.enrollAuthenticator({
      mfaToken,
      authenticatorTypes: ['oob'],
      oobChannels: ['sms'],
      phoneNumber: '555',
    }),
  );
  const enrolled = await mfa.enrollAuthenticator({ mfaToken, authenticatorTypes: ['otp'] });
  const wrongCode = await token({ grant_type: `${GRANT}/mfa-otp`, mfa_token: mfaToken, otp: '1' });
  const otp = await code();
  const first = await token({ grant_type: `${GRANT}/mfa-otp`, mfa_token: mfaToken, otp });

  const again = (await logIn()).mfa_token;
  const secondEnrollment = await try_(() =>
    mfa.enrollAuthenticator({ mfaToken: again, authenticatorTypes: ['otp'] }),
  );
  const used = await try_(() => mfa.listAuthenticators({ mfaToken }));
  const challenge = await mfa.challengeAuthenticator({ mfaToken: again, challengeType: 'otp' });
  const recovered = await token({
    grant_type: `${GRANT}/mfa-recovery-code`,
    mfa_token: again,
    recovery_code: enrolled.recoveryCodes[0],
  });

  const api = await logIn({
    audience: `https://${domain}/mfa/`,
    scope: 'enroll read:authenticators remove:authenticators',
  });
  const manager = await token({
    grant_type: `${GRANT}/mfa-recovery-code`,
    mfa_token: api.mfa_token,
    recovery_code: recovered.recovery_code,
  });
  const access = manager.access_token;
  const phone = await mfa.enrollAuthenticator({
    mfaToken: access,
    authenticatorTypes: ['oob'],
    oobChannels: ['sms'],
    phoneNumber: '+15551234567',
  });
  const confirmed = await token({
    grant_type: `${GRANT}/mfa-oob`,
    mfa_token: access,
    oob_code: phone.oobCode,
    binding_code: (await outbox()).code,
  });
  const both = await mfa.listAuthenticators({ mfaToken: access });
  const last = (await logIn()).mfa_token;
  const sms = await mfa.challengeAuthenticator({
    mfaToken: last,
    challengeType: 'oob',
    authenticatorId: both.find((one) => one.type === 'phone').id,
  });
  const noScope = await try_(() =>
    mfa.deleteAuthenticator({ mfaToken: last, authenticatorId: both[0].id }),
  );
  for (const { id } of both.filter((one) => one.type !== 'email')) {
    await mfa.deleteAuthenticator({ mfaToken: access, authenticatorId: id });
  }
  const gone = await try_(() =>
    mfa.deleteAuthenticator({ mfaToken: access, authenticatorId: both[0].id }),
  );
  const left = await mfa.listAuthenticators({ mfaToken: access });
  return {
    required, before, notEnrolled, wrongPhone, enrolled, wrongCode, first, secondEnrollment, used,
    challenge, recovered, phone, confirmed, both, sms, noScope, gone, left,
  };
});
