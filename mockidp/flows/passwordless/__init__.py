"""Passwordless logins.

- `start`: `/passwordless/start` sends a code or a link.
- `code`: make a code, and compare it with the submitted one.
- `user`: the user of an e-mail address or phone number, created with the first login.
- `verify`: `/passwordless/verify` compares a code, `/passwordless/verify_redirect` logs in.

The grant is in `flows.grants.passwordless_otp`, the pages in `flows.login.passwordless`.
"""
