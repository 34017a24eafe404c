"""oidc-provider-mock's command, changed in one thing: its key is imported once, not per token.

As it is shipped, RSA key import takes most of a login there and hides all else. This is not
the peer that the bar is about; it tells how much of that row's value is that one import.
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
