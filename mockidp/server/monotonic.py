"""The machine's monotonic clock, even if a test has stopped Python's time.

freezegun replaces `time.monotonic` in the module `time`, and in every module that has imported it
or imports it later. Deadlines have to work nevertheless: a client that hangs is dropped, and `stop`
returns. So this file uses a second instance of the module `time`, which is not in `sys.modules`.
"""

from __future__ import annotations

from importlib.machinery import BuiltinImporter, ModuleSpec
from importlib.util import module_from_spec

_time = module_from_spec(ModuleSpec("time", BuiltinImporter()))


def monotonic() -> float:
    """Return seconds since an arbitrary moment."""
    seconds: float = _time.monotonic()
    return seconds
