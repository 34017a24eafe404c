"""The examples of the page about Python: one function for each entry, which the tests run.

`idp` serves the tenant of `mockidp serve --example acme`. The name of a function is that of its
entry, with `__` for a dot.
"""

from __future__ import annotations

import inspect

from python_examples import logins, logout, observation, passkeys, records, second_factors

EXAMPLES = {
    name: one
    for module in (records, logins, logout, passkeys, second_factors, observation)
    for name, one in vars(module).items()
    if inspect.isfunction(one) and one.__module__ == module.__name__ and not name.startswith("_")
}
