// An API protected by express-oauth2-jwt-bearer, and one by jwks-rsa and jsonwebtoken.
'use strict';

const { once } = require('events');
const express = require('express');
const jwt = require('jsonwebtoken');
const { auth, requiredScopes } = require('express-oauth2-jwt-bearer');
const { JwksClient } = require('jwks-rsa');
const { resolveLocally } = require('./local-names.cjs');
const { program } = require('./program.cjs');

function jwtBearerApp({ issuer, audience, scope }) {
  const app = express();
  app.get('/items', auth({ issuerBaseURL: issuer, audience }), requiredScopes(scope), (request, response) =>
    response.json({ sub: request.auth.payload.sub }),
  );
  app.use((error, _request, response, _next) => {
    response.set(error.headers ?? {});
    response.status(error.status ?? 500).json({ code: error.code, message: error.message });
  });
  return app;
}

function jwksRsaApp({ issuer, audience }) {
  const app = express();
  const keys = new JwksClient({ jwksUri: `${issuer}.well-known/jwks.json` });
  const findKey = (header, done) =>
    keys.getSigningKey(header.kid, (error, key) => done(error, key?.getPublicKey()));
  app.get('/items', (request, response) => {
    const token = request.get('authorization')?.replace(/^Bearer /, '') ?? '';
    jwt.verify(token, findKey, { algorithms: ['RS256'], audience, issuer }, (error, payload) => {
      if (error) response.status(401).json({ code: error.name, message: error.message });
      else response.json({ sub: payload.sub });
    });
  });
  return app;
}

async function call(app, tokens) {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/items`;
  const answers = {};
  for (const [name, token] of Object.entries(tokens)) {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(url, { headers });
    answers[name] = { status: response.status, ...(await response.json()) };
  }
  server.close();
  server.closeAllConnections();
  return answers;
}

program(async (given) => {
  resolveLocally(given.names ?? []);
  return {
    'express-oauth2-jwt-bearer': await call(jwtBearerApp(given), given.tokens),
    'jwks-rsa': await call(jwksRsaApp(given), given.tokens),
  };
});
