"""Hawk's bewit: a signature in the query of a URL that grants access until it expires.

Spec: none. This follows the reference implementation, npm `@hapi/hawk` 8.0.0, exactly.
Auth0: impersonation links carry one (docs/fidelity.md, "Impersonation").
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

from mockidp.frozen import frozen

EXPIRED = "Access expired"
BAD_MAC = "Bad mac"
MAX_TARGET = 4096
CHECKS = (
    "length", "pattern", "presence", "method", "authorization", "encoding", "structure",
    "attributes", "expiry", "credentials", "mac",
)  # fmt: skip
"""Hawk's checks, in order."""
_PARTS = 4
# `.` and `$` as in JavaScript: `.` matches no line terminator, `$` only the very end.
_TARGET = re.compile(
    r"(?P<path>/[^\n\r\u2028\u2029]*)(?P<mark>[?&])bewit=(?P<bewit>[^&$]*)"
    r"(?:&(?P<rest>[^\n\r\u2028\u2029]+))?"
)
_URL = re.compile(
    r"(?P<scheme>[a-z]+)://(?:[^/?#@]*@)?(?P<host>\[[^\]/?#]+\]|[^:/?#\[\]]+)(?::(?P<port>\d*))?"
    r"(?P<resource>[/?][^#]*)?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")
# What JavaScript's parseInt reads: leading white space, then digits up to the first other
# character. The largest Number has 309 digits.
_LEADING_INTEGER = re.compile(r"[\t-\r \xa0\ufeff]*(?P<integer>[+-]?[0-9]{1,310})")


@frozen
class Bewit:
    """The content of a bewit, unchecked: `exp` can be outside the range of dates."""

    id: str
    exp: int
    mac: str
    ext: str


class BewitError(Exception):
    """A bewit is invalid. The message is Hawk's.

    Attributes:
        check: The check that failed, one of `CHECKS` or of the caller's own.
        bewit: The content of the bewit, if it could be read.
    """

    def __init__(
        self, status: int, message: str, *, check: str, bewit: Bewit | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.check = check
        self.bewit = bewit


def make_bewit(*, key: str, id: str, exp: int, url: str, ext: str = "") -> str:  # noqa: A002 - Hawk's name
    """Return a bewit for a URL that is valid until `exp`, in seconds since the epoch.

    The URL is signed as it is written: `%7C`, `%7c` and a pipe are three different URLs.

    Raises:
        ValueError: The URL is malformed, or a bewit cannot contain the id or ext.
    """
    origin, resource = _split_url(url)
    if "\\" in id or "\\" in ext or not id:
        raise ValueError(
            "the id of a bewit must not be empty, and id and ext must not contain a \\"
        )
    mac = compute_mac(key=key, exp=exp, resource=resource, origin=origin, ext=ext)
    try:
        plain = f"{id}\\{exp}\\{mac}\\{ext}".encode("latin-1")
    except UnicodeEncodeError as error:
        raise ValueError("id and ext of a bewit cannot contain characters above U+00FF") from error
    return urlsafe_b64encode(plain).rstrip(b"=").decode()


def sign_url(*, key: str, id: str, exp: int, url: str, ext: str = "") -> str:  # noqa: A002 - Hawk's name
    """Return the URL with a bewit. A trailing `?` is kept and signed (`/p?&bewit=...`)."""
    bewit = make_bewit(key=key, id=id, exp=exp, url=url, ext=ext)
    url, hash_mark, fragment = url.partition("#")
    return f"{url}{'&' if '?' in url else '?'}bewit={bewit}{hash_mark}{fragment}"


def compute_mac(*, key: str, exp: int, resource: str, origin: str, ext: str = "") -> str:
    """Compute the MAC of a resource, which is a raw path and query without the bewit.

    An IPv6 host is signed without its brackets, as the client of the reference does.

    Raises:
        ValueError: The origin is malformed.
    """
    url = _URL.fullmatch(origin)
    if not url:
        raise ValueError(f"not an origin: {origin!r}")
    host = url["host"].strip("[]").lower()
    port = url["port"] or ("80" if url["scheme"].lower() == "http" else "443")
    escaped = ext.replace("\\", "\\\\").replace("\n", "\\n")
    normalized = f"hawk.1.bewit\n{exp}\n\nGET\n{resource}\n{host}\n{port}\n\n{escaped}\n"
    digest = hmac.digest(_bytes(key), _bytes(normalized), hashlib.sha256)
    return b64encode(digest).decode()


def split_target(target: str) -> tuple[str, str]:
    """Return the signed resource and the bewit of a raw request target.

    Raises:
        BewitError: The target is too long, or has no bewit (checks `length` and `pattern`).
    """
    if len(target) > MAX_TARGET:
        raise BewitError(400, "Resource path exceeds max length", check="length")
    match = _TARGET.fullmatch(target)
    if not match:
        raise BewitError(401, "Unauthorized", check="pattern")
    resource = match["path"]
    if match["rest"]:
        resource += match["mark"] + match["rest"]
    return resource, match["bewit"]


def read_bewit(text: str) -> Bewit:
    """Decode a bewit without checking its content.

    Raises:
        BewitError: It cannot be read (checks `encoding`, `structure` and `attributes`).
    """
    if not _ALPHABET.fullmatch(text):
        raise BewitError(400, "Invalid bewit encoding", check="encoding")
    # A last character that encodes less than a byte is ignored, as in Node.
    whole = text[:-1] if len(text) % 4 == 1 else text
    parts = urlsafe_b64decode(whole + "=" * (-len(whole) % 4)).decode("latin-1").split("\\")
    if len(parts) != _PARTS:
        raise BewitError(400, "Invalid bewit structure", check="structure")
    id_, expiry, mac, ext = parts
    number = _LEADING_INTEGER.match(expiry)
    exp = int(number["integer"]) if number else 0
    if not (id_ and exp and mac):
        raise BewitError(400, "Missing bewit attributes", check="attributes")
    return Bewit(id=id_, exp=exp, mac=mac, ext=ext)


def check_bewit(
    *,
    method: str,
    target: str,
    origin: str,
    has_authorization: bool,
    keys: Mapping[str, str],
    now: float,
) -> Bewit:
    """Check a request for a signed URL, in Hawk's order.

    Args:
        method: The request's method.
        target: The raw request target, as it came over the wire.
        origin: Scheme, host and port for which the link is valid, such as `https://localhost:9443`.
        has_authorization: Whether the request carries an Authorization header.
        keys: The known keys, by id.
        now: Seconds since the epoch.

    Raises:
        BewitError: The first check that failed.
    """
    resource, text = split_target(target)
    if not text:
        raise BewitError(401, "Empty bewit", check="presence")
    if method not in ("GET", "HEAD"):
        raise BewitError(401, "Invalid method", check="method")
    if has_authorization:
        raise BewitError(400, "Multiple authentications", check="authorization")
    bewit = read_bewit(text)
    if bewit.exp <= now:
        raise BewitError(401, EXPIRED, check="expiry", bewit=bewit)
    key = keys.get(bewit.id)
    if not key:
        raise BewitError(401, "Unknown credentials", check="credentials", bewit=bewit)
    mac = compute_mac(key=key, exp=bewit.exp, resource=resource, origin=origin, ext=bewit.ext)
    if not hmac.compare_digest(mac.encode(), bewit.mac.encode()):
        raise BewitError(401, BAD_MAC, check="mac", bewit=bewit)
    return bewit


def _split_url(url: str) -> tuple[str, str]:
    match = _URL.fullmatch(url)
    if not match:
        raise ValueError(f"not a URL: {url!r}")
    resource = match["resource"] or "/"
    end = match.start("resource") if match["resource"] else len(url)
    return url[:end], resource if resource.startswith("/") else f"/{resource}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
