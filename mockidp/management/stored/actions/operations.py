"""The operations of Actions, their versions, modules and triggers."""

from mockidp.management.stored.actions import actions, modules, triggers, versions

OPERATIONS = (
    *actions.OPERATIONS,
    *versions.OPERATIONS,
    *modules.OPERATIONS,
    *triggers.OPERATIONS,
)
