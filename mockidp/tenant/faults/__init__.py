"""What goes wrong on purpose: where, when, how often, and what."""

from mockidp.tenant.faults.fault import Fault, Occasion, When
from mockidp.tenant.faults.plan import ActiveFault, FaultPlan, Firing, counted

__all__ = ["ActiveFault", "Fault", "FaultPlan", "Firing", "Occasion", "When", "counted"]
