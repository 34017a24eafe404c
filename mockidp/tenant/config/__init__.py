"""Tenant files: YAML or JSON into records, with all mistakes at once, each with its place."""

from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.config.load import load_tenant, parse_tenant
from mockidp.tenant.config.mistakes import ConfigError, Mistake
from mockidp.tenant.config.plain import plain, structure_record, structure_tenant

__all__ = [
    "ConfigError",
    "Mistake",
    "load_tenant",
    "parse_fault",
    "parse_tenant",
    "plain",
    "structure_record",
    "structure_tenant",
]
