"""The cases cover every word of a fault, and name the installed versions of the clients."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

from mockidp.faults import Fault

from .cases import CASES, CLOCK_CASES
from .clients import PYTHON

# They select where and when a fault fires, and have no effect of their own.
CONDITIONS = {"endpoint", "name", "when", "times", "after", "probability"}
# Words that no client can refuse, with the reason.
HARMLESS = {}
NODE = Path(__file__).parents[1] / "node" / "package.json"
NODE_NAMES = {"node-auth0": "auth0-4", "npm auth0": "auth0-3"}


def choices(hint):
    """Yield the values of a word that has a list of values."""
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    for inner in get_args(hint):
        yield from choices(inner)


def all_words():
    """Yield every word of a fault, also with each of its listed values."""
    hints = get_type_hints(Fault)
    for field in fields(Fault):
        if field.name not in CONDITIONS:
            yield field.name
            yield from (f"{field.name} {value}" for value in choices(hints[field.name]))


def words_of(case):
    """Yield the words of a case, also with their values."""
    for name, value in case.words.items():
        yield name
        values = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
        yield from (f"{name} {one}" for one in values)


def test_every_word_of_a_fault_is_refused_by_a_client():
    refused = {word for case in CASES if case.outcome == "refuses" for word in words_of(case)}
    assert set(all_words()) - refused == set(HARMLESS)


def test_no_case_is_a_duplicate():
    assert [name for name, times in Counter(map(str, CASES)).items() if times > 1] == []


def test_every_client_has_its_installed_major_version():
    required = json.loads(NODE.read_text())["dependencies"]
    for case in (*CASES, *CLOCK_CASES):
        if case.package in PYTHON:
            found = version(case.package)
        else:
            found = required[NODE_NAMES.get(case.package, case.package)].rpartition("@")[2]
        assert case.client == f"{case.package} {found.partition('.')[0]}"
