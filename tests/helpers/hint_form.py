"""The form of every hint: full sentences."""

import re

import pytest

_QUOTED = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"")


def form_mistakes(hint):
    """Return what keeps a hint from being full sentences; values in quotes may be anything."""
    text = _QUOTED.sub("X", hint)
    found = {
        "it does not begin with a capital letter": not text[0].isupper(),
        "it does not end with a full stop or question mark": text[-1] not in ".?",
        "it joins clauses with a semicolon": "; " in text,
        "one of its sentences begins in lower case": re.search(r"[a-z)X][.?] [a-z]", text),
    }
    return [mistake for mistake, is_there in found.items() if is_there]


@pytest.fixture(autouse=True)
def hints_are_sentences(monkeypatch):
    """Look at the hint of each exchange after the test."""
    from mockidp.web import pipeline

    hints = []
    shorten = pipeline.shorten_hint

    def and_keep(hint):
        hints.append(hint)
        return shorten(hint)

    monkeypatch.setattr(pipeline, "shorten_hint", and_keep)
    yield
    wrong = {hint: form_mistakes(hint) for hint in hints if hint}
    assert {hint: mistakes for hint, mistakes in wrong.items() if mistakes} == {}
