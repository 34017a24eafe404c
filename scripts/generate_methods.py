"""Write the typed Python methods for all types of resources: `python scripts/generate_methods.py`.

For each type of the registry it writes the methods add, get, list, patch and remove, and a
`TypedDict` of their fields for editors and mypy. A test checks that the files are up to date.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from textwrap import fill
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from mockidp.codec.descriptions import descriptions_of
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import ResourceType

TARGET = Path(__file__).parents[1] / "mockidp" / "testing"
_NOTE = "Written by scripts/generate_methods.py from the registry: change that, not this file."
_DEFAULTS = {
    "user": "The password is `Passw0rd!` by default.",
    "client": "The secret of a confidential client is by default its id and `-secret`.",
    "api": "A scope may be given by its value only.",
}
_USER = "A full id such as `auth0|carol`, the part after `auth0|`, or an e-mail address."
_IMPORTS = """\
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Required, TypedDict

from mockidp.testing.record_fields.base import Texts
"""


def main(target: Path) -> None:
    """Write all files below a folder, and format them."""
    modules = {"record_methods/__init__.py": _package()}
    homes: dict[type, str] = {}
    for kind in TYPES:
        modules[f"record_fields/{kind.plural}.py"] = _fields_module(kind, homes)
        modules[f"record_methods/{kind.plural}.py"] = _methods_module(kind)
    for name, lines in modules.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text("\n".join(lines))
    config = Path(__file__).parents[1] / "pyproject.toml"
    ruff = [sys.executable, "-m", "ruff"]
    files = [str(target / name) for name in modules]
    fix = ["check", "--fix", "--quiet", "--select", "I,F401", "--config", str(config)]
    subprocess.run([*ruff, *fix, *files], check=True)
    subprocess.run([*ruff, "format", "--quiet", "--config", str(config), *files], check=True)


# --- the fields ---


def _fields_module(kind: ResourceType[Any], homes: dict[type, str]) -> Iterator[str]:
    """Yield the module of a type. Records that several types have are in that of the first one."""
    yield f'"""The fields of {kind.words_plural}, as keyword arguments.\n\n{_NOTE}\n"""\n'
    yield _IMPORTS
    for cls, home in homes.items():
        yield f"from mockidp.testing.record_fields.{home} import {cls.__name__}Fields"
    yield from _typed_dicts(kind.record, kind, homes)


def _typed_dicts(cls: type, kind: ResourceType[Any], homes: dict[type, str]) -> Iterator[str]:
    """Yield the class for a record, after the classes for the records in it."""
    if cls in homes:
        return
    homes[cls] = kind.plural
    key = kind.key if cls is kind.record else None
    hints = get_type_hints(cls)
    for one in _fields(cls):
        for inner in _records_in(hints[one.name]):
            yield from _typed_dicts(inner, kind, homes)
    yield f"\n\nclass {cls.__name__}Fields(TypedDict, total=False):"
    yield f'    """{_first_line(cls)}"""\n'
    for one in _fields(cls):
        if one.name == key:
            continue
        spelled = _spell_field(one, hints[one.name])
        is_required = one.default is MISSING and one.default_factory is MISSING
        if is_required and key is None:
            spelled = f"Required[{spelled}]"
        yield f"    {one.name}: {spelled}"


def _fields(cls: type) -> Iterator[Any]:
    """Yield the fields that appear in tenant files and JSON."""
    for one in fields(cls):
        if one.name != "extra" and one.metadata.get("name", one.name) is not None:
            yield one


def _records_in(hint: Any) -> Iterator[type]:
    if is_dataclass(hint) and isinstance(hint, type):
        yield hint
    for inner in get_args(hint):
        yield from _records_in(inner)


def _spell_field(one: Any, hint: Any) -> str:
    if one.metadata.get("string_of"):
        (item,) = set(get_args(hint)) - {Ellipsis}
        return f"Sequence[str | {_spell(item)}]"
    if one.metadata.get("one_or_more"):
        return f"{_spell(get_args(hint)[0])} | {_spell(hint)}"
    return _spell(hint)


def _spell(hint: Any) -> str:
    """Return a type hint as source text. Records become mappings, and tuples may be lists."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " | ".join(map(_spell, inner))
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, inner))}]"
    if origin is tuple:
        item = _spell(inner[0])
        return "Texts" if item == "str" else f"list[{item}] | tuple[{item}, ...]"
    if origin is not None and issubclass(origin, Mapping):
        return f"Mapping[{', '.join(map(_spell, inner))}]"
    if is_dataclass(hint):
        return f"{hint.__name__}Fields"
    return {NoneType: "None", Any: "Any"}.get(hint) or str(hint.__name__)


def _first_line(cls: type) -> str:
    return (inspect.getdoc(cls) or "").partition("\n")[0]


# --- the methods ---


def _package() -> Iterator[str]:
    yield f'"""The test methods for records of all types.\n\n{_NOTE}\n"""\n'
    yield "from __future__ import annotations\n"
    for kind in TYPES:
        yield (f"from mockidp.testing.record_methods.{kind.plural} import {kind.class_name}Methods")
    yield "\n\nclass RecordMethods("
    yield from (f"    {kind.class_name}Methods," for kind in TYPES)
    yield '):\n    """The test methods for records of all types."""\n'


def _methods_module(kind: ResourceType[Any]) -> Iterator[str]:
    record = kind.record.__name__
    module = sys.modules[kind.record.__module__]
    (constant,) = (name for name, value in vars(module).items() if value is kind)
    yield f'"""The test methods for {kind.words_plural}.\n\n{_NOTE}\n"""\n'
    yield "from __future__ import annotations\n\nfrom typing import Unpack\n"
    yield f"from {module.__name__} import {constant}, {record}"
    yield f"from mockidp.testing.record_fields.{kind.plural} import {record}Fields"
    yield "from mockidp.testing.record_methods.base import RecordMethodsBase"
    yield f"\n\nclass {kind.class_name}Methods(RecordMethodsBase):"
    yield f'    """Add, get, list, patch and remove {kind.words_plural}."""\n'
    key, meaning = _key(kind)
    yield from _add(kind, constant, record, key, meaning)
    unknown = f"There is no such {kind.title}"
    yield f"    def get_{kind.name}(self, {key}: str, /) -> {record}:"
    yield from _doc(f"Return {kind.with_article}.", {key: meaning}, f"MockIdPError: {unknown}.")
    yield f"        return self._get_record({constant}, {key})\n"
    yield f"    def list_{kind.plural}(self) -> list[{record}]:"
    yield from _doc(f"Return all {kind.words_plural}.", {}, "")
    yield f"        return self._list_records({constant})\n"
    yield f"    def patch_{kind.name}("
    yield f"        self, {key}: str, /, **fields: Unpack[{record}Fields]\n    ) -> {record}:"
    yield from _doc(
        f"Change some fields of {kind.with_article}, and keep the others.",
        {key: meaning, "**fields": "The fields to change. A list replaces the list."},
        f"MockIdPError: {unknown}, a field is unknown, or a value is not valid.",
    )
    yield f"        return self._patch_record({constant}, {key}, fields)\n"
    yield f"    def remove_{kind.name}(self, {key}: str, /) -> None:"
    yield from _doc(
        f"Remove {kind.with_article} and what refers to it, as Auth0 does.",
        {key: meaning},
        f"MockIdPError: {unknown}, or a setting of the tenant refers to it.",
    )
    yield f"        self._remove_record({constant}, {key})\n"


def _add(
    kind: ResourceType[Any], constant: str, record: str, key: str, meaning: str
) -> Iterator[str]:
    takes_key = not kind.identity
    first = f"{key}: str, /, " if takes_key else ""
    noun = f"Auth0's fields of {kind.with_article}. {_DEFAULTS.get(kind.name, '')}".strip()
    yield f"    def add_{kind.name}(self, {first}**fields: Unpack[{record}Fields]) -> {record}:"
    yield from _doc(
        f"Add {kind.with_article}, or replace the one with the same key."
        if takes_key
        else f"Add {kind.with_article}, or replace the one for the same client and API.",
        ({key: meaning} if takes_key else {}) | {"**fields": noun},
        "MockIdPError: A field is unknown, or a value is not valid.",
    )
    yield f"        return self._add_record({constant}, {key if takes_key else None}, fields)\n"


def _key(kind: ResourceType[Any]) -> tuple[str, str]:
    """Return the name and description of the argument that identifies a record."""
    if kind.make_key is not str:
        return kind.name, _USER
    if kind.identity:
        return f"{kind.name}_id", f"Its id, which begins with `{kind.id_prefix}`."
    described = descriptions_of(kind.record)[kind.key]
    return kind.key, " ".join(described.split())


def _doc(summary: str, arguments: Mapping[str, str], raises: str) -> Iterator[str]:
    yield f'        """{summary}'
    if arguments:
        yield "\n        Args:"
        for name, meaning in arguments.items():
            yield _wrapped(f"{name}: {meaning}")
    if raises:
        yield "\n        Raises:"
        yield _wrapped(raises)
    yield '        """'


def _wrapped(text: str) -> str:
    first, later = " " * 12, " " * 16
    return fill(text, 100, initial_indent=first, subsequent_indent=later)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else TARGET)
