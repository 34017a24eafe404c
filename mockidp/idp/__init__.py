"""`MockIdP`: a tenant, its server and every verb of a test, in Python.

It is made in three storeys: `serving` starts and stops, `making` adds what a test needs and makes
tokens and links, `mock_idp` says what happens next and what came of it.
"""

from mockidp.idp.mock_idp import KeySource, MockIdP, TenantSource

__all__ = ["KeySource", "MockIdP", "TenantSource"]
