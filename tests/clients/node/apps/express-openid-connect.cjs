// An app with express-openid-connect. It reads options as JSON from standard input, prints its port,
// and ends at the end of standard input. Other options have the SDK's defaults.
const { createServer } = require('node:http');
const { createServer: createTlsServer } = require('node:https');
const { createInterface } = require('node:readline');
const express = require('express');
const { auth, requiresAuth } = require('express-openid-connect');

createInterface(process.stdin)
  .once('line', (line) => {
    const { tls, port = 0, ...config } = JSON.parse(line);
    const app = express();
    app.use(auth({ authRequired: false, secret: 'a secret that signs the cookies', ...config }));
    app.get('/', (req, res) => {
      const name = req.oidc.isAuthenticated() ? `Hello ${req.oidc.user.email}` : 'Nobody';
      res.send(`<!DOCTYPE html><title>App</title><h1>${name}</h1><a href="/login">Log in</a>
        <a href="/logout">Log out</a> <a href="/profile">Profile</a>`);
    });
    app.get('/profile', requiresAuth(), (req, res) => {
      res.send(`<!DOCTYPE html><title>App</title><h1>Profile of ${req.oidc.user.sub}</h1>`);
    });
    app.get('/userinfo', async (req, res) => res.json(await req.oidc.fetchUserInfo()));
    app.get('/token', (req, res) => res.json(req.oidc.accessToken));
    app.get('/refresh', async (req, res) => res.json(await req.oidc.accessToken.refresh()));
    app.use((error, req, res, next) => {
      const { status = 500, error: code = error.code, error_description: text = error.message } = error;
      res.status(status).send(`<h1>Failed</h1><p role="alert">${code}: ${text}</p>`);
    });
    const server = tls ? createTlsServer(tls, app) : createServer(app);
    server.listen(port, '127.0.0.1', () => console.log(server.address().port));
  })
  .once('close', () => process.exit());
