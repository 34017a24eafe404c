"""Marks of tests for the page of clients: see tests/clients/compatibility.py."""

import pytest


def facts(client, *works, refuses=(), over):
    """Return the marks of a test that shows all this about a client."""
    return [
        *(pytest.mark.client(client, fact, over=over) for fact in works),
        *(pytest.mark.client(client, refuses=fact, over=over) for fact in refuses),
    ]


def shows(client, *works, refuses=(), over):
    """Mark a test with all that it shows about a client."""

    def mark(test):
        for one in facts(client, *works, refuses=refuses, over=over):
            test = one(test)
        return test

    return mark


def refusals(client, cases, *, over):
    """Return the parameters of a test of refusals, from `{what: values}`."""
    return [
        pytest.param(*values, marks=facts(client, refuses=[what], over=over), id=what)
        for what, values in cases.items()
    ]
