// An app with passport-auth0. It reads the strategy's options as JSON from standard input, prints its
// port, and ends at the end of standard input.
const { createInterface } = require('node:readline');
const express = require('express');
const session = require('express-session');
const passport = require('passport');
const { Strategy } = require('passport-auth0');

function makeApp({ audience, logoutUrl, ...options }) {
  const app = express();
  const secret = 'a secret that signs the cookies';
  app.use(session({ secret, resave: false, saveUninitialized: true }));
  const verify = (accessToken, refreshToken, { id_token }, { id, displayName, emails, provider }, done) =>
    done(null, { id, displayName, emails, provider, accessToken, refreshToken, idToken: id_token });
  passport.use(new Strategy({ callbackURL: '/callback', ...options }, verify));
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user, done) => done(null, user));
  app.use(passport.session());

  app.get('/', (request, response) => response.json(request.user ?? null));
  const scope = 'openid profile email offline_access';
  app.get('/login', (request, response, next) =>
    passport.authenticate('auth0', { scope, audience, ...request.query })(request, response, next),
  );
  app.get('/callback', (request, response, next) => {
    passport.authenticate('auth0', (error, user, challenge, status) => {
      if (error) next(error);
      else if (user) request.login(user, () => response.redirect('/'));
      else response.status(status ?? 401).json({ challenge });
    })(request, response, next);
  });
  app.get('/logout', (request, response, next) =>
    request.logout((error) => (error ? next(error) : response.redirect(`${logoutUrl}${request.get('host')}`))),
  );
  app.use(({ name, code, message }, request, response, next) =>
    response.status(500).json({ name, code, message }),
  );
  return app;
}

createInterface(process.stdin)
  .once('line', (line) => {
    const server = makeApp(JSON.parse(line)).listen(0, '127.0.0.1', () =>
      console.log(server.address().port),
    );
  })
  .once('close', () => process.exit());
