"""Problem details that name every mistake in a call and its location.

Spec: RFC 9457 3; RFC 6901 5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockidp.codec.kind import Kind, Scalar, bare
from mockidp.codec.mistakes import ConfigError, Mistake
from mockidp.codec.shape import shape_of
from mockidp.protocol.errors.problem import Problem
from mockidp.tenant.config.plain import structure_record
from mockidp.testing.method import MAXIMUM, MINIMUM

_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?")


def structure_body(cls: Any, data: Mapping[str, Any]) -> Any:
    """Return the record that a body describes.

    Raises:
        Problem: 400 with every mistake.
    """
    try:
        return structure_record(cls, data, source="")
    except ConfigError as error:
        raise body_problem(error) from None


def body_problem(error: ConfigError) -> Problem:
    """Return the problem for all mistakes. One outside of the body has no pointer."""
    mistakes = [
        {"detail": _describe(one)}
        if one.steps is None
        else {"pointer": _pointer(one.steps), "detail": _text(one)}
        for one in error.mistakes
    ]
    return Problem(400, describe_mistakes(error), mistakes=mistakes)


def describe_mistakes(error: ConfigError) -> str:
    """Return all mistakes as one text."""
    rest = [f"and {error.more} more"] if error.more else []
    return "; ".join([*map(_describe, error.mistakes), *rest])


def _describe(one: Mistake) -> str:
    """Return a mistake with its location."""
    place = one.path if one.steps is None else _pointer(one.steps)
    return f"{place or 'the body'}: {_text(one)}"


def _text(one: Mistake) -> str:
    suggestion = f"; did you mean {one.suggestion}?" if one.suggestion else ""
    return f"found {one.found}, expected {one.expected}{suggestion}"


def _pointer(steps: tuple[str | int, ...]) -> str:
    return "".join("/" + str(one).replace("~", "~0").replace("/", "~1") for one in steps)


def structure_query(cls: Any, sent: Mapping[str, str]) -> Any:
    """Return the record that a query describes.

    Raises:
        Problem: 400 with every mistake.
    """
    known = shape_of(cls).fields
    if not known and not sent:
        return cls()
    data = {
        name: _number(text) if name in known and _is_number(known[name].kind) else text
        for name, text in sent.items()
    }
    try:
        query = structure_record(cls, data, source="")
    except ConfigError as error:
        raise _query_problem({one.path: _text(one) for one in error.mistakes}) from None
    beyond = {
        name: f"found {data[name]}, expected {_bounds(field.metadata)}"
        for name, field in known.items()
        if name in data and not _is_within(data[name], field.metadata)
    }
    if beyond:
        raise _query_problem(beyond)
    return query


def _query_problem(mistakes: Mapping[str, str]) -> Problem:
    detail = "; ".join(f"{name}: {text}" for name, text in mistakes.items())
    errors = [{"parameter": name, "detail": text} for name, text in mistakes.items()]
    return Problem(400, detail, mistakes=errors)


def _is_number(kind: Kind) -> bool:
    return bare(kind) in (Scalar(int), Scalar(float))


def _is_within(value: Any, bounds: Mapping[Any, Any]) -> bool:
    least, most = bounds.get(MINIMUM), bounds.get(MAXIMUM)
    return (least is None or value >= least) and (most is None or value <= most)


def _bounds(bounds: Mapping[Any, Any]) -> str:
    return f"a number from {bounds[MINIMUM]} to {bounds[MAXIMUM]}"


def _number(text: str) -> Any:
    """Return the number in a query parameter's text; the text itself if it is not a number."""
    if re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
