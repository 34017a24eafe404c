"""The page about faults, from their record, the words and the routes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from mockidp.codec.descriptions import descriptions_of
from mockidp.codec.kind import Choice, Kind, ListOf, RecordOf, Scalar, bare
from mockidp.codec.shape import shape_of
from mockidp.faults import Fault, When
from mockidp.faults.endpoint_errors import ENDPOINT_ERRORS
from mockidp.faults.refusals import REFUSALS
from mockidp.faults.vocabulary import ENDPOINTS, PLACES, Word
from mockidp.faults.words import WORDS
from mockidp.protocol.errors.error_codes import CODES
from mockidp.web import endpoints, hosted
from mockidp.web.apis import management, my_account, scim

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "clients" / "faults"))
from cases import CASES

_OUTCOMES = {
    "refuses": "Refused by",
    "recovers": "Retried or tolerated by",
    "accepts": "**Wrongly accepted** by",
    "hangs": "**Causes a hang** in",
}
_KINDS = {bool: "true", int: "a whole number", float: "a number", str: "a string"}
_INTRODUCTION = """\
Faults make a tenant answer with errors, slowly, or with invalid tokens, to test how an app handles
them. [Inject faults](../how-to/faults.md) shows how to use them.

A fault is `idp.fault(endpoint, ...)` in Python, an object in JSON, and an entry of the list
`faults:` below `mockidp:` in a tenant file. All three use the same *words*, such as `rate_limit`
and `times`. Words that do not fit the endpoint or each other are rejected, and the error suggests
a fix.

- `status`, `rate_limit`, `error` and `refuse` replace the answer, and the tenant does nothing: no
  code is used up, and no token rotates. A `delay` comes before the tenant acts. All other faults
  change the answer after the tenant **has** acted.
- If several faults fire at once, all of them apply. Of those that replace the answer, only the
  first applies.
- The hint and the journal name each fault that fired, and how often it has fired. An opaque access
  token cannot be changed: the hint says so, and the fault does not count as fired.
- Methods that issue a token for a test take the same words. Faults do not change these tokens.
  They do not affect the control API (`/_mockidp`) and preflight requests either.
- `drop`, `truncate` and `drip` need mockidp's own server, `intercept` or the transport. With
  another WSGI server the answer is 500, and the hint says why.
- Delays and slow answers take real seconds, even if the tenant's clock is frozen. Canceling a fault
  ends its delays."""
_PLACES = {
    "*": "every endpoint",
    "callback": "the redirect to the client's `redirect_uri`, from any endpoint",
    "id_token": "every ID token that is issued",
    "access_token": "every access token for an API that is issued",
    "logout_token": "every logout token that is issued",
    "backchannel_logout": "the delivery of a logout token to an app",
    "unmatched": "every path that does not exist or is not implemented",
}


def faults_page(note: str) -> str:
    """Return the page."""
    return "\n".join(_lines(note)) + "\n"


def _lines(note: str) -> Iterator[str]:
    yield from ("# Faults", "", note, "", _INTRODUCTION, "", "## Endpoints", "")
    yield from ("| `endpoint` | meaning |", "|---|---|")
    yield from (f"| `{place}` | {_describe_place(place)} |" for place in PLACES)
    yield from ("", "## When and how often", "")
    yield from _table(Fault, ("name", "when", "times", "after", "probability"))
    yield from (
        "",
        "`when` has these keys. In Python it can also be a function that gets the request.",
        "",
    )
    yield from _table(When, tuple(field.name for field in fields(When)))
    yield from ("", "## Effects")
    for name, word in WORDS.items():
        yield from _section(name, word)


def _section(name: str, word: Word) -> Iterator[str]:
    yield from ("", f"### {name}", "", descriptions_of(Fault)[name], "")
    yield f"- Value: {_value(name)}."
    yield f"- Endpoints: {_listed_places(word.places)}."
    if word.only_with:
        yield f"- Only together with: {' or '.join(f'`{one}`' for one in word.only_with)}."
    yield f"- Finds: {word.finds}"
    yield from _proofs(name)
    if name == "error":
        yield from ("", "Only some endpoints have these errors, each in its own format:", "")
        yield from ("| `error` | endpoints | status | text |", "|---|---|---|---|")
        for code, own in ENDPOINT_ERRORS.items():
            places = _listed_places(own.places)
            yield f"| `{code}` | {places} | {own.status} | {own.description} |"
    if name == "refuse":
        yield from ("", "| `refuse` | endpoints | as if | finds |", "|---|---|---|---|")
        for value, one in REFUSALS.items():
            endpoint = _listed_places(one.places)
            yield f"| `{value}` | {endpoint} | {one.meaning} | {one.finds} |"


def _proofs(word: str) -> Iterator[str]:
    """Yield how real clients react, as the tests in `tests/clients/faults` assert."""
    met = [case for case in CASES if word in case.words]
    for outcome, title in _OUTCOMES.items():
        clients = sorted({case.client for case in met if case.outcome == outcome})
        if outcome in ("refuses", "recovers") and clients:
            yield f"- {title}: {', '.join(clients)}."
        elif clients:
            reactions = dict.fromkeys(
                f"{case.client} ({case.text})" for case in met if case.outcome == outcome
            )
            yield f"- {title}: {'; '.join(reactions)}."


def _value(name: str) -> str:
    if name == "error":
        return "one of " + ", ".join(f"`{code}` ({made.status})" for code, made in CODES.items())
    return _kind(shape_of(Fault).fields[name].kind)


def _table(record: type, names: tuple[str, ...]) -> Iterator[str]:
    described, fields_of = descriptions_of(record), shape_of(record).fields
    yield from ("| word | value | meaning |", "|---|---|---|")
    for name in names:
        yield f"| `{name}` | {_kind(fields_of[name].kind)} | {described[name]} |"


def _describe_place(place: str) -> str:
    if place in _PLACES:
        return _PLACES[place]
    for api, name in (
        (management, "the Management API"),
        (my_account, "the My Account API"),
        (scim, "a SCIM endpoint"),
    ):
        if place == api.ENDPOINT:
            return f"every call of {name}, `{api.PREFIX}/...`"
    routes = [one for one in (*endpoints.routes(), *hosted.routes()) if one.endpoint == place]
    by_path: dict[str, list[str]] = {}
    for route in routes:
        by_path[route.path] = [*by_path.get(route.path, ()), *route.methods]
    return ", ".join(f"{' '.join(methods)} `{path}`" for path, methods in by_path.items())


def _listed_places(places: Sequence[str]) -> str:
    if set(ENDPOINTS) < set(places):
        return "any, or `*`"
    return ", ".join(f"`{place}`" for place in places)


def _kind(kind: Kind) -> str:
    match bare(kind):
        case Choice(words):
            return "one of " + ", ".join(f"`{one}`" for one in words)
        case ListOf(Scalar()):
            return "a list of strings"
        case ListOf(item):
            return f"{_kind(item)}, or a list of them"
        case Scalar(type=name):
            return _KINDS[name]
        case RecordOf():
            return "an object"
    return "an object, by name"
