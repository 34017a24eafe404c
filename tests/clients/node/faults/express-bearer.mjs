// express-oauth2-jwt-bearer, which gets the tenant's keys by discovery.
import bearer from 'express-oauth2-jwt-bearer';
import { call } from './guarded.mjs';

function guard({ issuer, audience, token }, options = {}) {
  const middleware = bearer.auth({ issuerBaseURL: issuer, audience, ...options });
  return call(middleware, ({ auth }) => auth.payload.sub, token);
}

export const expressBearer = {
  'guards an API': (given) => guard(given),
  'guards an API, with a timeout of one second': (given) => guard(given, { timeoutDuration: 1000 }),
};
