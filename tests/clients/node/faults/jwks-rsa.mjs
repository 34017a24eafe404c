// jwks-rsa finds the key and jsonwebtoken verifies, as in an API without a middleware.
import jwt from 'jsonwebtoken';
import { JwksClient } from 'jwks-rsa';
import { call } from './guarded.mjs';

function guard({ issuer, audience, token }, options = {}) {
  const keys = new JwksClient({ jwksUri: `${issuer}.well-known/jwks.json`, ...options });
  const findKey = (header, done) =>
    keys.getSigningKey(header.kid, (error, key) => done(error, key?.getPublicKey()));
  const expected = { algorithms: ['RS256'], audience, issuer };
  const middleware = (request, _response, next) => {
    const sent = request.get('authorization').replace(/^Bearer /, '');
    jwt.verify(sent, findKey, expected, (error, payload) => {
      request.payload = payload;
      next(error ?? undefined);
    });
  };
  return call(middleware, ({ payload }) => payload.sub, token);
}

export const jwksRsa = {
  'guards an API': (given) => guard(given),
  'guards an API, with a timeout of one second': (given) => guard(given, { timeout: 1000 }),
};
