"""How an opened link differs from the original link, with a suggested fix.

Every link is signed as `/users/ID/impersonate?&bewit=...`, so any other parameter was added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from mockidp.flows.impersonation.refusal import Cause
from mockidp.protocol.impersonation.bewit import Bewit, BewitError, read_bewit
from mockidp.protocol.tokens.artifacts import ImpersonationLink
from mockidp.protocol.urls.origin import split_host

_USE_STATE = "Put the target into `additionalParameters.state` instead."
_BEWIT = "bewit="
_MAX_NAMES = 5
_ESCAPE_OR_CHARACTER = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)


def find_differences(link: ImpersonationLink, origin: str, target: str) -> list[Cause]:
    """Return every difference that breaks the signature; `target` is path and query as sent."""
    signed_path, _, signed_query = link.url[len(link.origin) :].partition("?")
    path, mark, query = _split(target)
    found = (
        _origin_cause(link.origin, origin),
        _path_cause(signed_path, path),
        _question_mark_cause(mark),
        *_query_causes(signed_query, query),
    )
    return [cause for cause in found if cause is not None]


def _split(target: str) -> tuple[str, str, str]:
    """Return path, question mark and query. The mark may be missing or escaped."""
    end = re.search(r"[?&]|$", target).start()  # type: ignore[union-attr] # it always matches
    path, rest = target[:end], target[end:]
    if rest.startswith("?"):
        return path, "?", rest[1:]
    if path.upper().endswith("%3F"):
        return path[:-3], path[-3:], rest
    return path, "", rest


def _origin_cause(signed: str, opened: str) -> Cause | None:
    if signed == opened:
        return None
    differing = [
        name
        for name, before, after in zip(
            ("scheme", "host", "port"), _origin_parts(signed), _origin_parts(opened), strict=True
        )
        if before != after
    ]
    return Cause(
        "origin",
        f"The link was made for {signed} but opened at {opened}: the {' and '.join(differing)} "
        f"differ{'s' if len(differing) == 1 else ''}. Request the link at the URL where it will be "
        "opened, or set `browser_url` (MOCKIDP_BROWSER_URL) to that URL.",
    )


def _origin_parts(origin: str) -> tuple[str, str, str]:
    scheme, _, host = origin.partition("://")
    name, port = split_host(host) or (host, "")
    return scheme, name, port or ("443" if scheme == "https" else "80")


def _path_cause(signed: str, opened: str) -> Cause | None:
    if signed == opened:
        return None
    signed_bytes, opened_bytes = (
        unquote_to_bytes(signed),
        unquote_to_bytes(opened.encode("latin-1", "replace")),
    )
    if signed_bytes in (opened_bytes, unquote_to_bytes(opened_bytes)):
        before, after = _changed_escape(signed, opened)
        return Cause(
            "path_normalized",
            f"In the path, `{before}` was normalized to `{after}`. Open the link byte for byte as "
            f"it was given (signed {signed}, opened {opened[:300]}).",
        )
    return Cause("path", f"The path was {signed} when it was signed, and is now {opened[:300]}.")


def _changed_escape(signed: str, opened: str) -> tuple[str, str]:
    """Return the first percent-escape that changed, as it was and as it is."""
    befores, afters = (_ESCAPE_OR_CHARACTER.findall(text) for text in (signed, opened))
    position = next(n for n, before in enumerate(befores) if before != afters[n])
    before, after = befores[position], "".join(afters[position : position + 3])
    # An escape of the escape: `%7C` became `%25` and `7C`.
    escaped_again = after if after == f"%25{before[1:]}" else afters[position]
    return before, escaped_again


def _question_mark_cause(mark: str) -> Cause | None:
    if mark == "?":
        return None
    became = f"became `{mark}`" if mark else "was dropped"
    return Cause(
        "question_mark",
        f"The `?` before `&bewit=` {became}. Open the link byte for byte as it was given.",
    )


def _query_causes(signed: str, query: str) -> Iterator[Cause | None]:
    # Hawk takes a question mark within the query for a separator, too.
    opened = re.split(r"[?&]", query)
    added = [piece for piece in opened if piece and not piece.startswith(_BEWIT)]
    bewits = [piece for piece in opened if piece.startswith(_BEWIT)]
    yield _added_cause(added)
    if len(bewits) > 1:
        yield Cause(
            "parameter_duplicated",
            f"Query parameter `bewit` occurs {len(bewits)} times. Open the link as it was given.",
        )
        return
    yield _bewit_cause(signed.removeprefix("&"), bewits[0])
    if [piece for piece in opened if piece not in added] != ["", bewits[0]]:
        shown = query.replace(bewits[0], f"{_BEWIT}...")
        yield Cause(
            "query_normalized",
            f"The query was `?&bewit=...` when it was signed, and is now `?{shown[:200]}`. Keep "
            "the `&` before `bewit`, and add none after it.",
        )


def _added_cause(added: list[str]) -> Cause | None:
    names = list(dict.fromkeys(piece.partition("=")[0] for piece in added))
    if not names:
        return None
    listed = ", ".join(f"`{name[:80]}`" for name in names[:_MAX_NAMES])
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    plural = len(names) > 1
    return Cause(
        "parameter_added",
        f"Query parameter{'s' if plural else ''} {listed}{more} {'were' if plural else 'was'} "
        f"added after the link was signed. {_USE_STATE}",
    )


def _bewit_cause(signed: str, opened: str) -> Cause | None:
    if signed == opened:
        return None
    if opened.startswith(signed):
        rest = opened[len(signed) :]
        return Cause(
            "bewit_changed", f"Text `{rest[:40]}` was appended to query parameter `bewit`."
        )
    before, after = read_bewit(signed.removeprefix(_BEWIT)), _read(opened.removeprefix(_BEWIT))
    if after is None:
        return Cause("bewit_changed", "Query parameter `bewit` was changed and is unreadable.")
    changed = [
        name
        for name in ("id", "exp", "mac", "ext")
        if getattr(before, name) != getattr(after, name)
    ]
    if not changed:
        return None
    detail = f" ({before.exp} became {after.exp})" if before.exp != after.exp else ""
    return Cause(
        "bewit_changed",
        f"Query parameter `bewit` was changed after the link was signed: its "
        f"{' and '.join(changed)}{detail[:100]}.",
    )


def _read(text: str) -> Bewit | None:
    try:
        return read_bewit(text)
    except BewitError:
        return None
