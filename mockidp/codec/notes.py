"""Notes about a tenant file that loads: facts to know that need no fix."""

from __future__ import annotations

from mockidp.frozen import frozen


@frozen
class Note:
    """A note. `line` counts from 1; None means the file as a whole."""

    file: str
    line: int | None = None
    path: str = ""
    text: str
    name: str = ""
    """The unknown name, if the note is about one."""

    @property
    def place(self) -> str:
        """The place of the value: file, line and path."""
        from mockidp.codec.mistakes import printable  # noqa: PLC0415 - for a quick start

        file = self.file if self.line is None else f"{self.file}:{self.line}"
        return printable(f"{file}: {self.path}" if self.path else file)

    def __str__(self) -> str:
        """Return the note as one line."""
        from mockidp.codec.mistakes import printable  # noqa: PLC0415 - as above

        return printable(f"{self.place}: {self.text}")
