"""Auth0's legacy impersonation: a link with which an admin logs in as a user.

- `request`: ask for a link; `request_hints` names what was not read of the request.
- `check`: the checks of a link, in order, Hawk's first.
- `open`: log in through a link that passes them.
- `causes`: why a link does not open; `differences` compares it with the link as it was made.
- `explain`: checks, causes and differing `spans` together, for people.

Auth0: `docs/fidelity.md`, "Impersonation".
"""
