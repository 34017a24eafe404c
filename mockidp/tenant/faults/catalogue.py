"""Every fault word: where it can be, and the client bug that it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockidp.tenant.faults.fault import Fault

ENDPOINTS = (
    "authorize", "login", "consent", "resume", "token", "revoke", "userinfo", "discovery", "jwks",
    "logout", "impersonate", "impersonation_link", "nowhere",
)  # fmt: skip
"""What the journal and faults call the endpoints."""
ANYWHERE = "*"
CALLBACK = "callback"
TOKENS = ("id_token", "access_token")
PLACES = (*ENDPOINTS, ANYWHERE, CALLBACK, *TOKENS)
"""Everything that can stand for `where`."""

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
        finds="The client reads a 5xx answer as if it were a good one, does not try again, or "
        "tries again for ever.",
    ),
    Word(
        name="body",
        places=_EVERY_ENDPOINT,
        beside=("status",),
        finds="The client expects JSON of a proxy that answers with a page, or shows the whole "
        "body to its user.",
    ),
    Word(
        name="headers",
        places=_EVERY_ENDPOINT,
        beside=("status", "rate_limit", "error", "refuse"),
        finds="The client passes over `Retry-After`, or takes any content type for JSON.",
    ),
    Word(
        name="rate_limit",
        places=_EVERY_ENDPOINT,
        finds="The client does not wait for the limit's end, tries again at once, or logs its "
        "user out.",
    ),
    Word(
        name="malformed_json",
        places=_EVERY_ENDPOINT,
        finds="The client fails with its parser's error, as if it were a bug of its own.",
    ),
    Word(
        name="content_type",
        places=_EVERY_ENDPOINT,
        finds="The client parses whatever comes, or refuses an answer for a parameter such as "
        "`charset`.",
    ),
    Word(
        name="truncate",
        places=_EVERY_ENDPOINT,
        finds="The client takes the part that came for the whole.",
    ),
    Word(
        name="drop",
        places=_EVERY_ENDPOINT,
        finds="The client cannot tell whether its request was acted on, and sends a code or a "
        "rotating refresh token again.",
    ),
    Word(
        name="drip",
        places=_EVERY_ENDPOINT,
        finds="The client's timeout counts between two bytes, and never for the whole answer.",
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
        finds="The client takes a claim for granted, and a missing one for a match.",
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
        finds="The client does not compare what it is told with what it asked for: any issuer's "
        "or any other client's token logs a user in, a login is forged (`state`), or a token is "
        "replayed (`nonce`).",
    ),
    Word(
        name="alg",
        places=TOKENS,
        finds="The client lets the token say how it is to be verified: anyone can make one.",
    ),
    Word(
        name="kid",
        places=TOKENS,
        finds="The client tries any key when it does not find the one that is named, or asks for "
        "the JWKS again at every such token.",
    ),
    Word(
        name="signature",
        places=TOKENS,
        finds="The client decodes a token without verifying it.",
    ),
    Word(
        name="empty",
        places=("jwks",),
        finds="The client replaces good keys by none, or verifies nothing where there is no key.",
    ),
    Word(
        name="stale",
        places=("jwks",),
        finds="The client gives up where it should ask for the JWKS again a little later.",
    ),
    Word(
        name="error",
        places=(*_REFUSING, CALLBACK),
        finds="The client shows no error, a wrong one, or sends its user round in circles.",
    ),
    Word(
        name="description",
        places=(*_REFUSING, CALLBACK),
        beside=("error",),
        finds="The client compares the text where it should compare the code, or puts it into a "
        "page without escaping it.",
    ),
    Word(
        name="refuse",
        places=("authorize", "token", CALLBACK, "impersonation_link"),
        finds="The client cannot cope with a refusal that a user of the real thing meets every "
        "day.",
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
    nothing = Fault(where=fault.where)
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
    return f"{fault.where}: {describe(fault)}"


def _shown(name: str, value: Any) -> str:
    if name in ("set", "remove", "header", "wrong"):
        return f"{name} {' and '.join(value)}"
    return f"{name} {value}" if name in ("status", "alg", "signature", "error", "refuse") else name
