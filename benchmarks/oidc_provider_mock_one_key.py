"""The command of oidc-provider-mock, patched to import its key once instead of per token.

Unpatched, the import of the RSA key takes most of the time of a login. The bar applies to the
unpatched peer. This one shows how much of the row's value is due to the import.
"""

from functools import cache

import authlib.oidc.core.grants.code as grant
from oidc_provider_mock.__main__ import run

_import = grant.import_any_key
_keys = cache(lambda text: _import(dict(text)))


def _import_once(key):
    return _keys(tuple(sorted(key.items())))


grant.import_any_key = _import_once

if __name__ == "__main__":
    run()
