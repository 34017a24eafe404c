"""Compare exports with each other, and with the tenant that was imported."""

import json
import re
from pathlib import Path

import yaml

_NAMES = (
    "name", "client_id", "permission_name", "template", "domain", "identifier", "key", "value",
    "displayName", "description", "event_type", "type",
)  # fmt: skip
"""Keys that identify an entry of a list, in this order."""


_PLACEHOLDER = re.compile(r"##[A-Z0-9_]+##")


def files_of(folder):
    """Return the text of each file in an export, by its path."""
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def read_yaml(folder):
    """Return the sections of an export in YAML, with the contents of the files that they name."""
    root = Path(folder)
    return _with_files(yaml.safe_load((root / "tenant.yaml").read_text()), root)


def _with_files(value, root):
    if isinstance(value, dict):
        return {key: _with_files(one, root) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_files(one, root) for one in value]
    if isinstance(value, str) and value.startswith("./"):
        files = [root / value, root / "connections" / value]
        return next((_read(one) for one in files if one.is_file()), value)
    return value


def _read(file):
    return json.loads(file.read_text()) if file.suffix == ".json" else file.read_text()


def lost(wanted, found, at=""):
    """Yield what an export lacks of the tenant that was imported: places, with both values.

    An export may have more, because Auth0 adds defaults. The CLI replaces secrets by placeholders.
    """
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, one in wanted.items():
            yield from lost(one, found.get(key), f"{at}.{key}" if at else key)
    elif isinstance(wanted, list) and isinstance(found, list) and _are_objects(wanted):
        for number, one in enumerate(wanted):
            name = next((key for key in _NAMES if key in one), None)
            same = [other for other in found if name is None or other.get(name) == one[name]]
            yield from lost(one, same[0] if same else None, f"{at}[{number}]")
    elif _plain(wanted) != _plain(found) and not _PLACEHOLDER.fullmatch(str(found)):
        yield at, wanted, found


def _are_objects(entries):
    return bool(entries) and all(isinstance(one, dict) for one in entries)


def _plain(value):
    return sorted(value) if isinstance(value, list) and _is_of_strings(value) else value


def _is_of_strings(values):
    return all(isinstance(one, str) for one in values)
