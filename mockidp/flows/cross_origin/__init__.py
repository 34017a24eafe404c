"""Cross-origin logins: a page of the app has its own login form (auth0-js, Lock).

- `authenticate`: `/co/authenticate` verifies the credentials and returns a ticket.
- `ticket`: /authorize logs in the user of a ticket, if the browser is the same.
- `verify`: `/co/verify` gets the verifier from a page of the app, for browsers without the cookie.
"""
