// An app with express-openid-connect that ends sessions when it receives a logout token. It reads
// options as JSON from standard input, prints its port, and ends at the end of standard input.
const { createInterface } = require('node:readline');
const express = require('express');
const { MemoryStore } = require('express-session');
const { auth } = require('express-openid-connect');

createInterface(process.stdin)
  .once('line', (line) => {
    const { port, ...config } = JSON.parse(line);
    const app = express();
    app.use(
      auth({
        authRequired: false,
        secret: 'a secret that signs the cookies',
        backchannelLogout: { store: new MemoryStore() },
        ...config,
      }),
    );
    app.get('/', (req, res) => {
      res.send(req.oidc.isAuthenticated() ? `Hello ${req.oidc.user.sub}` : 'Nobody');
    });
    const server = app.listen(port, '127.0.0.1', () => console.log(server.address().port));
  })
  .once('close', () => process.exit());
