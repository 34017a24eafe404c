"""The cases: how clients react to faults.

They are in `cases/*.yaml`, by client and action. A case has the words of `idp.fault()`, and one of
four texts: `refuses` is part of the client's error, which the tests compare. `accepts` is the reason
why the client continues although it should not, `hangs` why it never ends, and `recovers` how it
handles the fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

Outcome = Literal["refuses", "accepts", "hangs", "recovers"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A client, a fault, and the outcome."""

    client: str
    """Its name and major version."""
    does: str
    """The action."""
    endpoint: str
    """The endpoint of the fault."""
    words: Mapping[str, Any]
    """The words of the fault: `idp.fault(endpoint, **words)`."""
    outcome: Outcome
    text: str
    """Part of the client's error, or the reason for another outcome."""

    @property
    def accepts(self) -> bool:
        """Whether the client accepts what it should refuse, or never ends."""
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
"""The cases of `clock.skew`, which is not a fault, but affects clients like one."""
