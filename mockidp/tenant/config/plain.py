"""Read records and tenants from plain data in the format of a tenant file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from mockidp.codec.leniency import Leniency
from mockidp.codec.mistakes import ConfigError
from mockidp.codec.node import node_of
from mockidp.codec.read import Reader
from mockidp.codec.report import Report
from mockidp.resources.record import Record
from mockidp.resources.resource_type import ResourceType
from mockidp.tenant.config.checks import rules
from mockidp.tenant.config.leniency import BY_HAND, leniency_for
from mockidp.tenant.config.load import read_document
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.directory import Directory

T = TypeVar("T")
R = TypeVar("R", bound=Record)


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


def structure_record(
    cls: type[T], data: Mapping[str, Any], *, source: str, leniency: Leniency = BY_HAND
) -> T:
    """Make one record from plain data in the format of a tenant file.

    Args:
        cls: The class of the record.
        data: Its fields.
        source: The name of the data in mistakes.
        leniency: What is accepted with a note.

    Raises:
        ConfigError: The data has mistakes. The error contains all of them.
    """
    report = Report(source, leniency=leniency)
    record = Reader(report, rules()).read_record(node_of(data, source), cls, ())
    if report.mistakes or not isinstance(record, cls):
        raise ConfigError(report.mistakes, more=report.more)
    return record


def structure_part(
    data: Mapping[str, Any], *, source: str, tenant: Directory, leniency: Leniency
) -> TenantDocument:
    """Make a document of records to add to a tenant, and check their references.

    Raises:
        ConfigError: The data has mistakes. The error contains all of them.
    """
    return read_document(node_of(data, source), Report(source, leniency=leniency), tenant)


def structure_resource(
    kind: ResourceType[R],
    data: Mapping[str, Any],
    *,
    source: str,
    tenant: Directory,
    leniency: Leniency,
) -> R:
    """Make a record for a tenant, and check it against the records that it refers to.

    Args:
        kind: The type of the record.
        data: Its fields.
        source: The name of the data in mistakes.
        tenant: The tenant.
        leniency: What is accepted with a note.

    Raises:
        ConfigError: The data has mistakes. The error contains all of them.
    """
    section = next(iter(kind.sections))
    try:
        document = structure_part(
            {section: [data]}, source=source, tenant=tenant, leniency=leniency
        )
    except ConfigError as error:
        mistakes = (one.within((section, 0)) for one in error.mistakes)
        raise ConfigError(mistakes, more=error.more) from None
    return next(document.of_type(kind))
