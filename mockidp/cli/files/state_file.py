"""Read a file for `mockidp import`. An error about another kind of file suggests a command."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import click

from mockidp.codec.decode import MAX_BYTES, decode
from mockidp.codec.mistakes import ConfigError
from mockidp.codec.placeholders import replace_placeholders, restore_placeholders
from mockidp.codec.shape import shape_of
from mockidp.errors import MockIdPError
from mockidp.tenant.config.export_part import STATE_KEY, describe_resource
from mockidp.tenant.content.document import TenantDocument

_SHOWN = 5
_STDIN = "-"
_AHEAD = 1000
_BEGINNING = re.compile(rb'\s*\{\s*"%b"\s*:' % STATE_KEY.encode())
_PUSH = "`mockidp push {file}` loads it into a running mock; `mockidp serve {file}` serves it."
_USERS = "Put the users under `users:` in a tenant file, and load it with `mockidp push`."
_EXPORT = "`mockidp push` and `mockidp serve` accept the directory of the whole export."
_KEYS = "`mockidp serve --keys {file}` signs with its keys."
_STATE = "`mockidp export > state.json` creates one."


@contextmanager
def open_state(file: Path) -> Iterator[BinaryIO]:
    """Open the state that a file contains. Standard input is copied to a temporary file.

    Raises:
        MockIdPError: The file cannot be read, or contains something else.
    """
    if file.is_dir():
        raise _not_a_state(file, "a directory, perhaps an export of Auth0's Deploy CLI", _PUSH)
    try:
        with click.open_file(str(file), "rb") as opened, TemporaryFile() as copied:
            state: Any = opened
            if str(file) == _STDIN or not opened.seekable():
                copyfileobj(opened, copied)
                state = copied
            state.seek(0)
            start = len(BOM_UTF8) if state.read(len(BOM_UTF8)) == BOM_UTF8 else 0
            state.seek(start)
            if not _BEGINNING.match(state.read(_AHEAD)):
                state.seek(0)
                _check_state(file, state.read())
            state.seek(start)
            yield state
    except OSError as error:
        raise MockIdPError(f"{file}: cannot be read: {error.strerror}") from None


def _check_state(file: Path, content: bytes) -> None:
    """Check that a file without the usual beginning is a state."""
    try:
        text = decode(content)
    except ValueError as error:
        raise _not_a_state(file, f"a binary file, with {error}", _STATE) from None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _not_a_state(file, *_describe_text(text, error)) from None
    if not isinstance(value, dict) or STATE_KEY not in value:
        raise _not_a_state(file, *_describe(value))


def _not_a_state(file: Path, what: str, remedy: str) -> MockIdPError:
    message = f"{file}: this is {what}, not a state that `mockidp export` printed. "
    return MockIdPError(message + remedy.format(file=file))


def _describe_text(text: str, error: Exception) -> tuple[str, str]:
    """Describe a text that is not JSON, and what to do with it."""
    if not text.strip():
        return "empty", _STATE
    if "-----BEGIN" in text:
        return "a PEM file", _KEYS
    try:
        first = json.loads(text.strip().partition("\n")[0])
    except (ValueError, RecursionError):
        first = None
    if isinstance(first, dict):
        return _describe([first])
    sections = _yaml_of(text)
    if _is_tenant(sections) or describe_resource(sections):
        return _describe(sections)
    return f"not JSON ({error})", _STATE


def _yaml_of(text: str) -> Mapping[str, Any]:
    """Return the mapping in a YAML file, or an empty one."""
    from mockidp.codec.yaml_source import parse_yaml

    if len(text) > MAX_BYTES:
        return {}
    replaced = replace_placeholders(text, {})
    try:
        root = parse_yaml(replaced, source="", restore=restore_placeholders).root
    except ConfigError:
        return {}
    return root.value if isinstance(root.value, dict) else {}


def _describe(value: Any) -> tuple[str, str]:
    """Describe a JSON value, and what to do with it."""
    if isinstance(value, dict) and _is_tenant(value):
        return "a tenant file", _PUSH
    items = value if isinstance(value, list) else [value]
    first = items[0] if items and isinstance(items[0], dict) else {}
    if {"number", "endpoint", "trace"} <= first.keys():
        return "a journal", f"A journal cannot be restored, only a whole state. {_STATE}"
    if "user_id" in first or ("email" in first and not describe_resource(first)):
        return ("a list of users" if isinstance(value, list) else "a user"), _USERS
    if resource := describe_resource(first):
        what = f"{resource} that Auth0's Deploy CLI exported"
        return f"a list that begins with {what}" if isinstance(value, list) else what, _EXPORT
    if not isinstance(value, dict):
        return "JSON, but not an object", _STATE
    keys = ", ".join(map(repr, list(value)[:_SHOWN])) or "none"
    return f"an unknown JSON object (its first keys: {keys})", _STATE


def _is_tenant(value: Mapping[str, Any]) -> bool:
    """Return whether most keys are sections of a tenant file."""
    shape = shape_of(TenantDocument)
    known = len((shape.fields.keys() | shape.kept) & value.keys())
    return 2 * known > len(value)
