"""The active faults with their counts, a form to add one, and the catalogue of their words.

All words, their meanings and the endpoints at which they apply are those of `Fault`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.faults import ActiveFault, Fault
from mockidp.faults.vocabulary import PLACES, Word
from mockidp.faults.words import WORDS, describe
from mockidp.frozen import replace
from mockidp.testing.method import NoParameters
from mockidp.testing.methods.faults import ADD_FAULT, CANCEL_FAULT, CANCEL_FAULTS
from mockidp.web.console.records.form import FormField, descriptions
from mockidp.web.console.records.form_changes import InvalidField, changes_of, with_sent
from mockidp.web.console.records.nested_form import nest, nested_fields
from mockidp.web.console.visit import Visit, changing, showing
from mockidp.web.response.reply import Reply

_DEFAULT_ENDPOINT = "token"
_FIRST = ("error", "status", "delay", "times", "after", "when.client")
"""The fields that the form shows at once."""
_KINDS = {
    "delay": "Delay the answer",
    "instead": "Replace the answer",
    "detail": "More about the answer that replaces it",
    "content": "Change the content of the answer",
    "delivery": "Change how the answer arrives",
    "token": "Change a token",
}
"""The areas of the catalogue, by kind of word."""


def _show(visit: Visit) -> Reply:
    endpoint = visit.query.get("endpoint") or _DEFAULT_ENDPOINT
    if endpoint not in PLACES:
        endpoint = _DEFAULT_ENDPOINT
    return _page(visit, endpoint, _fields(endpoint))


def _page(visit: Visit, endpoint: str, fields: list[FormField], problem: str = "") -> Reply:
    return visit.page(
        "faults",
        title="Faults",
        area="faults",
        status=HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK,
        active=[_describe(one) for one in visit.tenant.faults],
        endpoint=endpoint,
        endpoints=PLACES,
        fields=fields,
        problem=problem,
        catalogue=list(_catalogue()),
    )


def _describe(one: ActiveFault) -> Mapping[str, Any]:
    fault, fired = one.fault, one.fired
    return {
        "name": one.name,
        "endpoint": fault.endpoint,
        "words": describe(fault),
        "when": ", ".join(f"{name} {value}" for name, value in to_file(fault.when).items()),
        "matched": one.matched,
        "fired": fired,
        "left": "no limit" if fault.times is None else max(0, fault.times - fired),
        "is_standing": one.is_standing,
    }


def _fields(endpoint: str) -> list[FormField]:
    """Return the fields for a fault at an endpoint: those that it can have there."""
    return [
        replace(one, is_main=one.name in _FIRST)
        for one in nested_fields(Fault(endpoint=endpoint))
        if one.name != "endpoint" and (one.name not in WORDS or endpoint in WORDS[one.name].places)
    ]


def _catalogue() -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    """Yield the areas, each with its words."""
    order = list(_KINDS)
    words = sorted(WORDS.items(), key=lambda one: order.index(one[1].kind))
    for kind, found in groupby(words, key=lambda one: one[1].kind):
        yield _KINDS[kind], [_explain(name, word) for name, word in found]


def _explain(name: str, word: Word) -> Mapping[str, str]:
    return {
        "name": name,
        "meaning": descriptions(Fault)[name],
        "finds": word.finds,
        "places": ", ".join(word.places),
    }


def _add(visit: Visit) -> Reply:
    endpoint = visit.form.get("endpoint") or ""
    fields = _fields(endpoint)
    try:
        changes = changes_of(fields, visit.form)
        words = {name: value for name, value in changes.items() if value is not None}
        ADD_FAULT.function(visit, ADD_FAULT.parameters.read(nest({"endpoint": endpoint, **words})))
    except (InvalidField, ConfigError) as error:
        sent = with_sent(fields, visit.form, error)
        at_field = any(one.error for one in sent)
        problem = "No fault was added. See the fields." if at_field else str(error)
        return _page(visit, endpoint, sent, problem)
    return visit.go(visit.link("faults"))


def _remove(visit: Visit) -> Reply:
    CANCEL_FAULT.function(visit, visit.form.get("name") or "")
    return visit.go(visit.link("faults"))


def _remove_all(visit: Visit) -> Reply:
    CANCEL_FAULTS.function(visit, NoParameters())
    return visit.go(visit.link("faults"))


ROUTES = (
    showing("/faults", _show),
    changing("/faults/add", _add),
    changing("/faults/remove", _remove),
    changing("/faults/remove-all", _remove_all),
)
