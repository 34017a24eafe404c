// express-oauth2-jwt-bearer, which finds the tenant's keys through its discovery document.
import bearer from 'express-oauth2-jwt-bearer';
import { call } from './guarded.mjs';

function guard({ issuer, audience, token }, options = {}) {
  const guarding = bearer.auth({ issuerBaseURL: issuer, audience, ...options });
  return call(guarding, ({ auth }) => auth.payload.sub, token);
}

export const expressBearer = {
  'guards an API': (given) => guard(given),
  'guards an API, waiting a second at most': (given) => guard(given, { timeoutDuration: 1000 }),
};
