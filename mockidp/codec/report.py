"""The findings of a reader: mistakes, notes, and fields that mockidp does not support."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from mockidp.codec.leniency import STRICT, Leniency
from mockidp.codec.mistakes import (
    MAX_MISTAKES,
    Mistake,
    Path,
    show_kind_of_path,
    show_path,
)
from mockidp.codec.notes import Note
from mockidp.codec.origin import Origin, locate
from mockidp.protocol.errors.nearest import nearest

MAX_COMPARISONS = 80_000
"""How many pairs of words are compared for the suggestions of one report."""


@dataclass(slots=True)
class Report:
    """The mistakes and notes of one read."""

    source: str
    leniency: Leniency = STRICT
    origins: Mapping[Path, Origin] = field(default_factory=dict)
    """The files of parts that do not come from `source`."""
    mistakes: list[Mistake] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    not_acted_on: dict[str, None] = field(default_factory=dict)
    """The paths of fields that are ignored and change no answer of Auth0's."""
    differs: dict[str, str] = field(default_factory=dict)
    """The paths of fields that are ignored although Auth0's answers depend on them, and how."""
    more: int = 0
    """The number of mistakes beyond those that are kept."""
    _unknown: set[str] = field(default_factory=set)
    _suggestions: dict[str, str | None] = field(default_factory=dict)
    _comparisons: int = 0

    @property
    def is_full(self) -> bool:
        """Whether further mistakes are only counted."""
        return len(self.mistakes) >= MAX_MISTAKES

    def refuse(
        self, line: int, path: Path, *, found: str, expected: str, suggestion: str | None = None
    ) -> None:
        """Add a mistake, or only count it. Line 0 means that the line is unknown."""
        if self.is_full:
            self.more += 1
            return
        file, inner = locate(path, self.source, self.origins)
        mistake = Mistake(
            file=file,
            line=line or None,
            path=show_path(inner),
            steps=path,
            found=found,
            expected=expected,
            suggestion=suggestion,
        )
        self.add(mistake)

    def add(self, mistake: Mistake) -> None:
        """Add a mistake."""
        self.mistakes.append(mistake)

    def add_note(self, line: int, path: Path, text: str, *, name: str = "") -> None:
        """Add a note about a value that is not a mistake. Line 0 means that it is unknown."""
        file, inner = locate(path, self.source, self.origins)
        place = show_path(inner)
        self.notes.append(Note(file=file, line=line or None, path=place, text=text, name=name))

    def note_unknown_key(self, line: int, path: Path) -> None:
        """Add a note about an unknown key, once for all entries of a list."""
        kind = show_kind_of_path(path)
        if kind not in self._unknown:
            self._unknown.add(kind)
            text = "unknown to mockidp, and ignored"
            self.add_note(line, path, text, name=str(path[-1]))

    def suggest(self, word: str, known: Collection[str], *, kind: str = "") -> str | None:
        """Return the known word that is most similar to a word.

        Each word is searched once per `kind` of known words, and none beyond `MAX_COMPARISONS`.
        """
        key = f"{kind} {word}"
        if key not in self._suggestions and self._comparisons < MAX_COMPARISONS:
            self._comparisons += len(known)
            self._suggestions[key] = nearest(word, known)
        return self._suggestions.get(key)

    def file_of(self, path: Path) -> str:
        """Return the file that a value comes from."""
        return locate(path, self.source, self.origins)[0]
