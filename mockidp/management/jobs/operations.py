"""All operations below `/jobs`."""

from mockidp.management.jobs import jobs, user_exports, user_imports

OPERATIONS = (
    *jobs.OPERATIONS,
    *user_imports.OPERATIONS,
    *user_exports.OPERATIONS,
)
