"""Read records and tenants from plain data in the format of a tenant file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from mockidp.codec.leniency import Leniency
from mockidp.codec.mistakes import ConfigError
from mockidp.codec.node import node_of
from mockidp.codec.read import Reader
from mockidp.codec.report import Report
from mockidp.tenant.config.checks import RULES
from mockidp.tenant.config.leniency import BY_HAND, leniency_for
from mockidp.tenant.config.load import read_document
from mockidp.tenant.document import TenantDocument

T = TypeVar("T")


def structure_tenant(
    data: Mapping[str, Any], *, source: str = "<tenant>", leniency: Leniency | None = None
) -> TenantDocument:
    """Make a tenant from plain data in the layout of a tenant file.

    Args:
        data: The sections.
        source: The name of the data in mistakes.
        leniency: What is accepted with a note; by default what a file may contain.

    Raises:
        ConfigError: The data has mistakes. The error contains all of them.
    """
    root = node_of(data, source)
    return read_document(root, Report(source, leniency=leniency or leniency_for(root)))


def structure_record(cls: type[T], data: Mapping[str, Any], *, source: str) -> T:
    """Make one record from plain data in the format of a tenant file.

    Raises:
        ConfigError: The data has mistakes. The error contains all of them.
    """
    report = Report(source, leniency=BY_HAND)
    record = Reader(report, RULES).read_record(node_of(data, source), cls, ())
    if report.mistakes or not isinstance(record, cls):
        raise ConfigError(report.mistakes, more=report.more)
    return record
