"""Read a tenant file as a `TenantDocument`, or raise all its mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mockidp.codec.decode import MAX_BYTES, decode
from mockidp.codec.mistakes import ConfigError, Mistake
from mockidp.codec.node import Node
from mockidp.codec.placeholders import replace_placeholders, restore_placeholders
from mockidp.codec.read import Reader
from mockidp.codec.report import Report
from mockidp.frozen import replace
from mockidp.tenant.config.checks import rules
from mockidp.tenant.config.databases import complete_users
from mockidp.tenant.config.domain_rules import check_domains
from mockidp.tenant.config.export_part import find_part
from mockidp.tenant.config.exported import complete_clients
from mockidp.tenant.config.leniency import EXPORT, leniency_for
from mockidp.tenant.config.references import References
from mockidp.tenant.config.texts import note_unused_texts
from mockidp.tenant.config.uniqueness import Uniqueness
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.directory import Directory

if TYPE_CHECKING:
    from mockidp.codec.yaml_source import YamlTree

Review = Callable[[TenantDocument, Node, Report], None]
"""Adds notes about a document to a report. Receives also the nodes, which have the lines."""
_NO_PLACEHOLDERS: Mapping[str, str] = {}


def load_tenant(
    path: Path,
    *,
    placeholders: Mapping[str, str] = _NO_PLACEHOLDERS,
    review: Review | None = None,
) -> TenantDocument:
    """Read a tenant file, YAML or JSON in the Deploy CLI's layout, or a directory it exported.

    Args:
        path: The file or directory. Every mistake begins with its name.
        placeholders: Values for the Deploy CLI's `##KEY##` and `@@KEY@@`.
        review: Adds notes.

    Raises:
        ConfigError: It cannot be read or has mistakes. The error contains all of them.
    """
    source = str(path)
    if path.is_dir():
        return _load_directory(source, placeholders, review)
    try:
        with path.open("rb") as file:
            return read_tenant(file, source=source, placeholders=placeholders, review=review)
    except OSError as error:
        raise _unusable(source, f"a file that cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise _unusable(source, f"an invalid file name ({error})") from error


def read_tenant(
    file: BinaryIO,
    *,
    source: str,
    placeholders: Mapping[str, str] = _NO_PLACEHOLDERS,
    review: Review | None = None,
) -> TenantDocument:
    """Read a tenant file from an open file, such as standard input.

    Raises:
        OSError: It cannot be read.
        ConfigError: It has mistakes. The error contains all of them.
    """
    tree = _parse(_read_text(file, source), source, placeholders)
    return _read_tree(tree, source, review)


def _read_text(file: BinaryIO, source: str) -> str:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _unusable(source, f"more than {MAX_BYTES} bytes")
    try:
        return decode(content)
    except ValueError as error:
        raise _unusable(source, str(error)) from error


def parse_tenant(
    text: str,
    *,
    source: str = "<tenant>",
    placeholders: Mapping[str, str] = _NO_PLACEHOLDERS,
) -> TenantDocument:
    """Read the text of a tenant file.

    Args:
        text: YAML or JSON.
        source: The name of the file in mistakes.
        placeholders: Values for the Deploy CLI's `##KEY##` and `@@KEY@@`.

    Raises:
        ConfigError: It has mistakes. The error contains all of them.
    """
    return _read_tree(_parse(text, source, placeholders), source)


def _parse(text: str, source: str, placeholders: Mapping[str, str]) -> YamlTree:
    """Parse a text. Callers do not keep it, because it may be as large as all of its records."""
    from mockidp.codec.yaml_source import (  # noqa: PLC0415 - takes 15 ms, only for files
        parse_yaml,
    )

    replaced = replace_placeholders(text, placeholders)
    return parse_yaml(replaced, source=source, restore=restore_placeholders)


def _read_tree(tree: YamlTree, source: str, review: Review | None = None) -> TenantDocument:
    report = Report(source, leniency=leniency_for(tree.root), mistakes=[*tree.mistakes])
    if part := find_part(tree.root, source):
        raise ConfigError([part])
    return read_document(tree.root, report, review=review)


def read_document(
    root: Node,
    report: Report,
    tenant: Directory | None = None,
    *,
    review: Review | None = None,
) -> TenantDocument:
    """Return the tenant that the nodes of a file describe.

    Args:
        root: The nodes.
        report: Receives mistakes and notes.
        tenant: The tenant, if the file contains only records that are added to it.
        review: Adds notes.

    Raises:
        ConfigError: It has mistakes. The error contains all of them.
    """
    made_up = complete_clients(root)
    complete_users(root, report, tenant)
    document = Reader(report, rules()).read_record(root, TenantDocument, ())
    Uniqueness(root, report, tenant).check()
    References(root, report, tenant).check()
    check_domains(root, report, tenant)
    note_unused_texts(root, report)
    mistakes = tuple(sorted(report.mistakes, key=lambda one: (one.file, one.line or 0)))
    if mistakes or not isinstance(document, TenantDocument):
        raise ConfigError(mistakes, more=report.more)
    if review is not None:
        review(document, root, report)
    return replace(
        document,
        not_acted_on=tuple(report.not_acted_on),
        differs=tuple(report.differs.items()),
        made_up=made_up,
        notes=tuple(report.notes),
    )


def _load_directory(
    source: str, placeholders: Mapping[str, str], review: Review | None
) -> TenantDocument:
    from mockidp.tenant.config.export_directory import (  # noqa: PLC0415 - as above
        read_directory,
    )

    export = read_directory(source, placeholders)
    report = Report(
        source,
        leniency=EXPORT,
        origins=export.origins,
        mistakes=export.mistakes,
        notes=export.notes,
    )
    return read_document(export.root, report, review=review)


def _unusable(source: str, found: str) -> ConfigError:
    return ConfigError([Mistake(file=source, found=found, expected="a tenant file, YAML or JSON")])
