"""Auth0's legacy impersonation: a link with which an admin logs in as a user.

- `request`: request a link; `request_hints` reports parts of the request that were ignored.
- `check`: the checks of a link, in order, Hawk's first.
- `open`: log in through a link that passes them.
- `causes`: why a link does not open; `differences` compares it with the original link.
- `explain`: a report with checks, causes and differing `spans`.

Auth0: `docs/fidelity.md`, "Impersonation".
"""
