"""Notes about a tenant file that loads: what a person may want to know, but need not fix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """One note. `line` counts from 1; None refers to the file as a whole."""

    file: str
    line: int | None = None
    path: str = ""
    text: str
    name: str = ""
    """The name that nothing in the file has, if the note is about one."""

    @property
    def place(self) -> str:
        """Where the value is: file, line and path."""
        from mockidp.codec.mistakes import printable  # noqa: PLC0415 - for a quick start

        file = self.file if self.line is None else f"{self.file}:{self.line}"
        return printable(f"{file}: {self.path}" if self.path else file)

    def __str__(self) -> str:
        """Return the note as one line."""
        from mockidp.codec.mistakes import printable  # noqa: PLC0415 - as above

        return printable(f"{self.place}: {self.text}")
