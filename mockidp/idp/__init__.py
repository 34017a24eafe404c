"""`MockIdP`: a tenant, its server and all test methods, in Python.

`serving` starts and stops the server, `records` implements the methods for records, and `mock_idp`
puts them together with the methods of `mockidp.testing`.
"""

from mockidp.idp.mock_idp import KeySource, MockIdP, TenantSource

__all__ = ["KeySource", "MockIdP", "TenantSource"]
