"""Cross-origin logins: a page of the app asks for name and password itself (auth0-js, Lock).

- `authenticate`: `/co/authenticate` verifies the credentials and returns a ticket.
- `ticket`: /authorize logs the user of a ticket in, if the browser is the same.
- `verify`: `/co/verify` asks a page of the app for the verifier, for browsers without the cookie.
"""
