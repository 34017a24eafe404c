"""The machine's monotonic clock, which runs on where a test has stopped the process's time.

freezegun replaces `time.monotonic` in the module `time`, in every module that holds it, and in
those that are first imported while time stands still. A client that hangs must be dropped even
so, and a stop must end. So the deadlines here are read from a second instance of the module,
which is this file's alone and not among the loaded ones.
"""

from __future__ import annotations

from importlib.machinery import BuiltinImporter, ModuleSpec
from importlib.util import module_from_spec

_time = module_from_spec(ModuleSpec("time", BuiltinImporter()))


def monotonic() -> float:
    """Return seconds since some moment; they pass whatever the process's clocks say."""
    seconds: float = _time.monotonic()
    return seconds
