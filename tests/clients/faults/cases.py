"""The cases: which client meets which fault, and what it makes of it.

They are data, in `cases/*.yaml`: by client and by what the client does. A case has the words of
`idp.fault()`, and one of four texts: `refuses` is what the client says, and it is compared;
`accepts` is why the client goes on where it should not, `hangs` why it waits for ever, and
`recovers` how it helps itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

Outcome = Literal["refuses", "accepts", "hangs", "recovers"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A client that meets a fault."""

    client: str
    """Its name, and the version's first number."""
    does: str
    """What it is about to do."""
    endpoint: str
    """Where the fault is."""
    words: Mapping[str, Any]
    """The words of the fault: `idp.fault(endpoint, **words)`."""
    outcome: Outcome
    text: str
    """What the client says to refuse, or why it does not."""

    @property
    def accepts(self) -> bool:
        """Whether the client takes what it should refuse, or waits for what will not come."""
        return self.outcome in ("accepts", "hangs")

    @property
    def package(self) -> str:
        """The client's name without the version."""
        return self.client.rpartition(" ")[0]

    def __str__(self) -> str:
        words = " ".join(f"{name}={value}" for name, value in self.words.items())
        return f"{self.client} {self.does}: {self.endpoint} {words}"


def _load(pattern: str) -> tuple[Case, ...]:
    return tuple(
        _make(client, does, found)
        for file in sorted(Path(__file__).parent.glob(pattern))
        for client, actions in yaml.safe_load(file.read_text()).items()
        for does, cases in actions.items()
        for found in cases
    )


def _make(client: str, does: str, found: dict[str, Any]) -> Case:
    endpoint, words = found.pop("endpoint"), found.pop("words")
    [(outcome, text)] = found.items()
    return Case(
        client=client, does=does, endpoint=endpoint, words=words, outcome=outcome, text=text
    )


CASES = _load("cases/*.yaml")
CLOCK_CASES = _load("clock.yaml")
"""What `clock.skew` does: not a fault by its words, but a client meets it as one."""
