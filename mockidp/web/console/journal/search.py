"""The filter of the journal: `client:web status:4xx Bad mac`."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.web.console.journal.flow import Flow

WORDS = ("client", "user", "status", "endpoint", "grant", "error", "flow")
MAX_LENGTH = 500


@frozen(kw_only=False)
class Search:
    """A parsed filter. An exchange has to match every part of it.

    Attributes:
        words: The patterns of fields, in which `*` stands for any text.
        texts: Texts that title, description or hint contain.
    """

    words: Mapping[str, str]
    texts: tuple[str, ...]

    def finds(self, flow: Flow) -> bool:
        """Return whether an exchange of a flow matches."""
        return any(self._matches(flow, one) for one in flow.entries)

    def _matches(self, flow: Flow, entry: JournalEntry) -> bool:
        said = f"{flow.title} {entry.description or ''} {entry.hint}".casefold()
        return all(text in said for text in self.texts) and all(
            _fits(word, pattern, entry) for word, pattern in self.words.items()
        )


def parse_search(text: str) -> Search:
    """Return a parsed filter.

    Raises:
        MockIdPError: It is too long.
    """
    if len(text) > MAX_LENGTH:
        raise MockIdPError(f"The filter has more than {MAX_LENGTH} characters.")
    words: dict[str, str] = {}
    texts: list[str] = []
    for part in text.split():
        name, colon, value = part.partition(":")
        if colon and value and name in WORDS:
            words[name] = value.casefold()
        else:
            texts.append(part.casefold())
    return Search(words=words, texts=tuple(texts))


def _fits(word: str, pattern: str, entry: JournalEntry) -> bool:
    value = str(getattr(entry, word) or "").casefold()
    if word == "status":
        return fnmatchcase(value, pattern.replace("x", "?"))
    if word == "user":
        return fnmatchcase(value, pattern) or value.rpartition("|")[2] == pattern
    return fnmatchcase(value, pattern)
