"""Faults: errors that the mock makes on purpose.

- `vocabulary`, `fault`, `words`, `rules`: the words, the record, and what is valid.
- `refusals`: the values of `refuse`, and the refusals that faults answer with.
- `plan`: the faults that are active, and how often each has fired.
- `change_token`, `change_body`, `change_callback`: what the words do.
- `injection`: the points of an exchange at which faults fire.
"""

from mockidp.faults.active import ActiveFault, FaultHit, counted
from mockidp.faults.context import FaultContext, When
from mockidp.faults.fault import Fault
from mockidp.faults.plan import FaultPlan

__all__ = ["ActiveFault", "Fault", "FaultContext", "FaultHit", "FaultPlan", "When", "counted"]
