"""Read a fault from plain data: a tenant file, JSON, or keyword arguments in Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.faults.fault import Fault
from mockidp.tenant.config.plain import structure_record


def parse_fault(data: Mapping[str, Any], *, source: str = "fault") -> Fault:
    """Make a fault from its endpoint and the words for what goes wrong there.

    Raises:
        ConfigError: A word is unknown, has a wrong value or does not fit the endpoint. The error
            contains all mistakes.
    """
    return structure_record(Fault, data, source=source)
