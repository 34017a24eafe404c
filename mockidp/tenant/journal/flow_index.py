"""Which exchanges belong together, by the things that one makes and a later one uses.

A flow is a login with everything that follows from it: pages, code, tokens. Its number is that of
its first exchange. A session and a refresh token begin new flows, which continue an earlier one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from hashlib import blake2b
from typing import Literal, NamedTuple

LOGIN: Literal["login"] = "login"
CODE: Literal["code"] = "code"
LINK: Literal["link"] = "link"
REFRESH_FAMILY: Literal["refresh_family"] = "refresh_family"
DEVICE_CODE: Literal["device_code"] = "device_code"
API_V1_TOKEN: Literal["api_v1_token"] = "api_v1_token"
SESSION: Literal["session"] = "session"
Kind = Literal["login", "code", "link", "refresh_family", "device_code", "api_v1_token", "session"]
ORDER: tuple[Kind, ...] = (
    LOGIN, CODE, LINK, REFRESH_FAMILY, DEVICE_CODE, API_V1_TOKEN, SESSION,
)  # fmt: skip
"""If an exchange uses things of several flows, it belongs to that of the first kind."""
API_V1_SECONDS = 5
"""How long a Management API v1 token joins the request for a link that uses it."""
MAX_THINGS = 4000
"""How many things are known, the latest ones. The ids are kept as hashes."""


class Thing(NamedTuple):
    """A thing that an exchange has made or used, by a hash, because its id may be a secret."""

    kind: Kind
    hash: int
    is_new: bool


class FlowPlace(NamedTuple):
    """The flow of an exchange, and the earlier flow that it continues."""

    flow: int
    continues: int | None = None


def thing(kind: Kind, text: str, *, is_new: bool) -> Thing:
    """Return the thing that has a text as its id."""
    named = f"{kind} {text}".encode(errors="surrogatepass")
    hashed = blake2b(named, digest_size=8).digest()
    return Thing(kind, int.from_bytes(hashed), is_new)


def _rank(one: Thing) -> int:
    return ORDER.index(one.kind)


class FlowIndex:
    """The flows of the latest things."""

    def __init__(self) -> None:
        self._made: OrderedDict[int, tuple[int, float]] = OrderedDict()
        """The flow in which a thing was made, and when."""
        self._refreshed: OrderedDict[int, int] = OrderedDict()
        """The flow in which the tokens of a family are refreshed."""

    def place(self, number: int, at: float, things: Collection[Thing]) -> FlowPlace:
        """Return the flow of an exchange, and add what it has made.

        Args:
            number: The exchange.
            at: Its time.
            things: What it has made or used.
        """
        joined = origin = None
        ordered = sorted(things, key=_rank) if len(things) > 1 else things
        for one in ordered:
            if not one.is_new:
                found, found_origin = self._joined(one, at), self._origin(one)
                joined = found if joined is None else joined
                origin = found_origin if origin is None else origin
        flow = number if joined is None else joined
        for one in ordered:
            self._add(one, flow, at)
        return FlowPlace(flow, origin if flow == number else None)

    def clear(self) -> None:
        """Forget all things."""
        self._made.clear()
        self._refreshed.clear()

    def _joined(self, used: Thing, at: float) -> int | None:
        """Return the flow that an exchange joins by using a thing."""
        if used.kind == SESSION:
            return None
        if used.kind == REFRESH_FAMILY:
            return self._refreshed.get(used.hash)
        if used.kind != API_V1_TOKEN:
            return self._made.get(used.hash, (None, 0.0))[0]
        # It joins one request for a link only.
        flow, made_at = self._made.pop(used.hash, (None, at))
        return flow if at - made_at <= API_V1_SECONDS else None

    def _origin(self, used: Thing) -> int | None:
        """Return the flow that an exchange continues by using a thing."""
        if used.kind not in {SESSION, REFRESH_FAMILY}:
            return None
        return self._made.get(used.hash, (None, 0.0))[0]

    def _add(self, one: Thing, flow: int, at: float) -> None:
        if one.is_new:
            self._made[one.hash] = (flow, at)
            if len(self._made) > MAX_THINGS:
                self._made.popitem(last=False)
        elif one.kind == REFRESH_FAMILY:
            self._refreshed.setdefault(one.hash, flow)
            if len(self._refreshed) > MAX_THINGS:
                self._refreshed.popitem(last=False)
