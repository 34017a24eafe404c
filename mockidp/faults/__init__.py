"""What goes wrong on purpose: where, when, how often, and what."""

from mockidp.faults.fault import Fault, FaultContext, When
from mockidp.faults.plan import ActiveFault, FaultHit, FaultPlan, counted

__all__ = ["ActiveFault", "Fault", "FaultContext", "FaultHit", "FaultPlan", "When", "counted"]
