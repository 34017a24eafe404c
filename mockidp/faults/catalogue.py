"""Every fault word: where it can be, and the client bug that it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockidp.faults.fault import Fault

ENDPOINTS = (
    "authorize", "login", "consent", "resume", "token", "revoke", "userinfo", "discovery", "jwks",
    "logout", "impersonate", "impersonation_link", "nowhere",
)  # fmt: skip
"""What the journal and faults call the endpoints."""
ANYWHERE = "*"
CALLBACK = "callback"
TOKENS = ("id_token", "access_token")
PLACES = (*ENDPOINTS, ANYWHERE, CALLBACK, *TOKENS)
"""Everything that can stand for `endpoint`."""

_EVERY_ENDPOINT = (*ENDPOINTS, ANYWHERE)
_JSON = ("token", "userinfo", "discovery", "jwks")
_REFUSING = tuple(one for one in ENDPOINTS if one not in ("discovery", "jwks", "nowhere"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One word of a `Fault`."""

    name: str
    places: tuple[str, ...]
    finds: str
    """The client bug that it finds."""
    beside: tuple[str, ...] = ()
    """The words of which it says more; alone it is no fault."""


CATALOGUE = (
    Word(
        name="delay",
        places=_EVERY_ENDPOINT,
        finds="The client has no timeout, or one that is longer than its own caller waits.",
    ),
    Word(
        name="status",
        places=_EVERY_ENDPOINT,
        finds="The client treats a 5xx answer as a success, does not retry, or retries "
        "without end.",
    ),
    Word(
        name="body",
        places=_EVERY_ENDPOINT,
        beside=("status",),
        finds="The client expects JSON although a proxy answers with a page, or shows the "
        "whole body to its user.",
    ),
    Word(
        name="headers",
        places=_EVERY_ENDPOINT,
        beside=("status", "rate_limit", "error", "refuse"),
        finds="The client ignores `Retry-After`, or parses any content type as JSON.",
    ),
    Word(
        name="rate_limit",
        places=_EVERY_ENDPOINT,
        finds="The client does not wait until the limit ends, retries at once, or logs its "
        "user out.",
    ),
    Word(
        name="malformed_json",
        places=_EVERY_ENDPOINT,
        finds="The client fails with its parser's error, as with a bug in its own code.",
    ),
    Word(
        name="content_type",
        places=_EVERY_ENDPOINT,
        finds="The client parses any content type, or refuses an answer because of a parameter "
        "such as `charset`.",
    ),
    Word(
        name="truncate",
        places=_EVERY_ENDPOINT,
        finds="The client treats a part of the answer as the whole.",
    ),
    Word(
        name="drop",
        places=_EVERY_ENDPOINT,
        finds="The client does not know whether its request was processed, and sends a code or "
        "a rotating refresh token again.",
    ),
    Word(
        name="drip",
        places=_EVERY_ENDPOINT,
        finds="The client's timeout applies between two bytes, and not to the whole answer.",
    ),
    Word(
        name="set",
        places=(*_JSON, CALLBACK, *TOKENS),
        finds="The client does not check a claim or a type, or trusts a value that it should "
        "compare.",
    ),
    Word(
        name="remove",
        places=(*_JSON, CALLBACK, *TOKENS),
        finds="The client expects a claim to be present, or treats a missing one as a match.",
    ),
    Word(
        name="header",
        places=TOKENS,
        finds="The client trusts a header that the sender of a token chooses.",
    ),
    Word(
        name="expired",
        places=TOKENS,
        finds="The client does not check `exp`, or decodes a token without verifying it.",
    ),
    Word(
        name="not_yet_valid",
        places=TOKENS,
        finds="The client checks neither `nbf` nor `iat`.",
    ),
    Word(
        name="wrong",
        places=(*TOKENS, CALLBACK, "discovery"),
        finds="The client does not compare the answer with its request: a token of another "
        "issuer or client logs a user in, a login is forged (`state`), or a token is replayed "
        "(`nonce`).",
    ),
    Word(
        name="alg",
        places=TOKENS,
        finds="The client lets the token choose how it is verified, so anybody can make one.",
    ),
    Word(
        name="kid",
        places=TOKENS,
        finds="The client tries any key if it does not find the one that is named, or fetches "
        "the JWKS again for every such token.",
    ),
    Word(
        name="signature",
        places=TOKENS,
        finds="The client decodes a token without verifying it.",
    ),
    Word(
        name="empty",
        places=("jwks",),
        finds="The client replaces its keys by none, or skips the verification without a key.",
    ),
    Word(
        name="stale",
        places=("jwks",),
        finds="The client gives up instead of fetching the JWKS again a little later.",
    ),
    Word(
        name="error",
        places=(*_REFUSING, CALLBACK),
        finds="The client shows no error or a wrong one, or redirects its user in circles.",
    ),
    Word(
        name="description",
        places=(*_REFUSING, CALLBACK),
        beside=("error",),
        finds="The client compares the text instead of the code, or puts it into a page "
        "without escaping it.",
    ),
    Word(
        name="refuse",
        places=("authorize", "token", CALLBACK, "impersonation_link"),
        finds="The client does not handle a refusal that users of Auth0 see every day.",
    ),
)
WORDS = {word.name: word for word in CATALOGUE}


WRONG_AT = {
    "id_token": ("iss", "aud", "azp", "nonce", "sub"),
    "access_token": ("iss", "aud", "azp", "sub"),
    CALLBACK: ("state",),
    "discovery": ("issuer",),
}
"""What `wrong` can name, by place."""


def words_of(fault: Fault) -> Iterator[str]:
    """Yield the words that a fault has."""
    nothing = Fault(endpoint=fault.endpoint)
    for name in WORDS:
        if getattr(fault, name) != getattr(nothing, name):
            yield name


def describe(fault: Fault) -> str:
    """Return what goes wrong, in the fault's own words, such as `expired, wrong aud`."""
    return ", ".join(
        _shown(name, getattr(fault, name)) for name in words_of(fault) if not WORDS[name].beside
    )


def name_of(fault: Fault) -> str:
    """Return what a fault is called that was given no name, such as `token: rate_limit`."""
    return f"{fault.endpoint}: {describe(fault)}"


def _shown(name: str, value: Any) -> str:
    if name in ("set", "remove", "header", "wrong"):
        return f"{name} {' and '.join(value)}"
    return f"{name} {value}" if name in ("status", "alg", "signature", "error", "refuse") else name
