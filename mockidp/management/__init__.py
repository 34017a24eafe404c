"""The Management API v2: Auth0's JSON objects for the records of a tenant.

Source: docs/fidelity.md. The records, their checks and what a deletion does to others are those of
`resources`. This package has what only this API has: scopes, shapes of lists and error bodies.
"""
