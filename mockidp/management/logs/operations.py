"""All operations below `/logs` and `/stats`."""

from mockidp.management.logs import logs, stats

OPERATIONS = (
    *logs.OPERATIONS,
    *stats.OPERATIONS,
)
