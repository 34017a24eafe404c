"""Read a directory as one tenant: a Deploy CLI export, with users and settings in `mockidp.yaml`.

The directory format has a file for each client, API, grant and so on. Scripts, pages and templates
are separate files that these name; mockidp does not run or show them, so it does not open them. An
export in the YAML format is a directory with a `tenant.yaml`. In both, `mockidp.yaml` adds users
and settings, which an export never contains.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from mockidp.codec.mistakes import ConfigError, Mistake, Path
from mockidp.codec.node import Node
from mockidp.codec.notes import Note
from mockidp.codec.origin import Origin
from mockidp.codec.placeholders import replace_placeholders, restore_placeholders
from mockidp.codec.yaml_events import MAX_NODES
from mockidp.codec.yaml_source import parse_yaml
from mockidp.tenant.config.export_files import ExportFiles
from mockidp.tenant.config.export_layout import LAYOUT, OWN_FILE, ROOTS, TENANT_FILES
from mockidp.tenant.config.leniency import OWN_SECTIONS

_NOT_READ = "not read: not part of the Deploy CLI's directory format"
_MISNAMED = frozenset({"mockidp.json", "mockidp.yml", "users.json", "users.yaml", "users.yml"})
"""File names that are easily mistaken for `mockidp.yaml`."""


_HERE = "./"
"""With this begin the names of files in the values of an export."""
_ALSO = ("clients", "connections")
"""Folders to which such a name can be relative in the YAML format."""


@dataclass(slots=True)
class Export:
    """The content of a directory."""

    root: Node
    origins: Mapping[Path, Origin]
    mistakes: list[Mistake]
    notes: list[Note]


def read_directory(directory: str, placeholders: Mapping[str, str]) -> Export:
    """Read a directory.

    Raises:
        ConfigError: The directory does not contain a tenant.
    """
    reader = _Reader(ExportFiles(directory), placeholders)
    files = reader.files
    names = files.entries("")
    base = next((name for name in TENANT_FILES if name in names), None)
    if base and "tenant.json" not in names:
        reader.read_sections(base)
        unread: list[str] = []
    else:
        reader.read_layout()
        unread = [path for path in files.unseen() if path != OWN_FILE]
    if OWN_FILE in names:
        reader.read_sections(OWN_FILE, OWN_SECTIONS)
    is_empty_export = bool(names) and ROOTS.issuperset(names)
    if not files.seen and not files.mistakes and not is_empty_export:
        files.refuse(
            "",
            "a directory (Docker creates one if the file to mount does not exist)",
            expected="a tenant file, YAML or JSON, or a directory that the Deploy CLI exported"
            + _suggest_folder(files, names),
        )
        raise ConfigError(files.mistakes)
    notes = [Note(file=files.path_of(path), text=_why_unread(path)) for path in unread]
    return Export(Node(0, reader.sections), reader.origins, files.mistakes, notes)


def _why_unread(path: str) -> str:
    instead = f": users and settings are read from {OWN_FILE}" if path in _MISNAMED else ""
    return _NOT_READ + instead


def _suggest_folder(files: ExportFiles, names: Collection[str]) -> str:
    """Return a clause that suggests a subdirectory that looks like an export."""
    marks = {"tenant.json", *TENANT_FILES}
    found = [name for name in names if any(files.is_file(f"{name}/{one}") for one in marks)]
    return f"; did you mean {files.path_of(found[0])}?" if found else ""


@dataclass(slots=True)
class _Reader:
    """A reader that collects the content of the files in the sections of one tenant."""

    files: ExportFiles
    placeholders: Mapping[str, str]
    sections: dict[str, Node] = field(default_factory=dict)
    origins: dict[Path, Origin] = field(default_factory=dict)
    _nodes: int = 0

    def read_layout(self) -> None:
        """Read the files of the directory format."""
        for pattern, section in LAYOUT.items():
            for file in self.files.find(pattern):
                node = None if file in self.files.seen else self._parse(file)
                if node is not None:
                    self._put(section, node, file)

    def read_sections(self, file: str, allowed: Collection[str] | None = None) -> None:
        """Read a file whose top level is sections. No section may occur in two files."""
        node = self._parse(file)
        if node is None:
            return
        if not isinstance(node.value, dict):
            self._refuse(
                file, node, "something other than a mapping", expected="a mapping of sections"
            )
            return
        for key, entry in node.value.items():
            if allowed is not None and key not in allowed:
                expected = " or ".join(allowed) + "; everything else comes from the export"
                self._refuse(file, entry, f"the section {key}", expected=expected)
            elif key in self.sections:
                self._refuse(file, entry, f"the section {key} again", expected="each section once")
            else:
                self.sections[key] = entry
                self.origins[(key,)] = Origin(self.files.path_of(file), 0)

    def _parse(self, file: str) -> Node | None:
        text = self.files.read(file)
        if text is None:
            return None
        try:
            tree = parse_yaml(
                replace_placeholders(text, self.placeholders),
                source=self.files.path_of(file),
                restore=restore_placeholders,
            )
        except ConfigError as error:
            self.files.mistakes += error.mistakes
            return None
        self.files.mistakes += tree.mistakes
        self._read_named_files(tree.root, file.rpartition("/")[0])
        self._nodes += tree.size
        if self._nodes > MAX_NODES:
            found = f"more than {MAX_NODES} values in all files"
            self._refuse(file, tree.root, found, expected="a smaller export")
            return None
        return tree.root

    def _read_named_files(self, node: Node, folder: str) -> None:
        """Replace the names of files, such as `./pages/login.html`, by the content of the files."""
        if isinstance(node.value, list):
            for child in node.value:
                self._read_named_files(child, folder)
        elif isinstance(node.value, dict):
            for child in node.value.values():
                self._read_named_files(child, folder)
            _merge_body(node.value)
        elif isinstance(node.value, str) and node.value.startswith(_HERE):
            self._replace_name(node, node.value.removeprefix(_HERE), folder)

    def _replace_name(self, node: Node, name: str, folder: str) -> None:
        places = (f"{folder}/{name}" if folder else name, name, *(f"{one}/{name}" for one in _ALSO))
        file = next((one for one in places if self.files.is_file(one)), None)
        if file is None or file in self.files.seen:
            return
        if file.endswith(".json"):
            found = self._parse(file)
            node.value = found.value if found else node.value
        else:
            text = self.files.read(file)
            if text is not None:
                node.value = restore_placeholders(replace_placeholders(text, self.placeholders))

    def _put(self, section: str, node: Node, file: str) -> None:
        """Add the content of a file to its section, except for empty entries."""
        steps: Path = tuple(section.removesuffix("[]").split("."))
        is_entry = section.endswith("[]")
        if is_entry and node.value == {}:
            return
        *parents, last = steps
        entries = self.sections
        for parent in parents:
            held = entries.setdefault(str(parent), Node(0, {})).value
            if not isinstance(held, dict):
                return  # already reported, or not acted on
            entries = held
        if not is_entry:
            entries.setdefault(str(last), node)
        else:
            items = entries.setdefault(str(last), Node(0, [])).value
            if not isinstance(items, list):
                return
            steps = (*steps, len(items))
            items.append(node)
        self.origins[steps] = Origin(self.files.path_of(file), len(steps))

    def _refuse(self, file: str, node: Node, found: str, *, expected: str) -> None:
        name = self.files.path_of(file)
        line = node.line_of_entry
        self.files.mistakes.append(Mistake(file=name, line=line, found=found, expected=expected))


def _merge_body(entries: dict[str, Node]) -> None:
    """Merge the file of a form or a flow, which the YAML format names as `body`."""
    body = entries.get("body")
    if body is not None and isinstance(body.value, dict):
        del entries["body"]
        entries |= {name: one for name, one in body.value.items() if name not in entries}
