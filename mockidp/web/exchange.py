"""One request, as the handlers see it: its tenant, its URL as it was sent, its parameters."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.exceptions import ClientDisconnected

from mockidp.flows.sessions import find_session
from mockidp.hosts import is_local_host
from mockidp.protocol.artifacts import Session
from mockidp.protocol.attack_protection import LOOPBACK, client_address
from mockidp.protocol.oauth_error import InvalidRequest, NotFound
from mockidp.protocol.origin import make_origin, origin_of, split_host
from mockidp.protocol.parameters import (
    FORM,
    Parameters,
    parse_form,
    parse_form_body,
    parse_json,
)
from mockidp.protocol.refusal import Refusal
from mockidp.tenant.tenant import Tenant

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from flask import Request

MAX_TARGET = 16_000
VOUCHED_HOSTS_KEY = "mockidp.hosts"
"""Where hosts stand that a caller inside the process answers for; no client can send it."""
SENT_HOST_KEY = "mockidp.sent_host"
"""Where the Host stands that came with a request for which a proxy has named another."""
FORWARDED_MISTAKE_KEY = "mockidp.forwarded_mistake"
"""Where it is said what is wrong with the words of a proxy."""
UNKNOWN_TENANT_KEY = "mockidp.unknown_tenant"
"""Where it is said that the tenant is not there that path or host name."""
_MAX_NAME, _MAX_NAMES = 40, 10
_PATH_CHARACTERS = "/:@!$&'()*+,;="


class Exchange:
    """One request to one tenant.

    Attributes:
        request_id: What Auth0's support asks for; what steers the mock has none.
        base_url: Scheme, host, port and path prefix under which the request came in; no slash
            at the end.
        target: Path and query as they were sent, byte for byte.
        hint: What to tell the developer beside the answer.
        unread: What to tell them of parameters that were sent where they are not read.
        client_id: The client that the parameters name; the trace knows better.
        begun_at: When it came, by the tenant's clock.
        sent: The parameters that were read, as they were sent.
        refused: Why nothing was granted; it may be on its way to the client's callback.
        is_bug: Whether mockidp itself failed.
        is_framable: Whether the answer is a page that has to work in a frame of the app.
        max_body: The largest body in bytes that is read.
    """

    __slots__ = (
        "_resets", "base_url", "begun_at", "client_id", "hint", "is_bug", "is_framable",
        "max_body", "refused", "request", "request_id", "sent", "target", "tenant", "unread",
    )  # fmt: skip

    def __init__(self, tenant: Tenant, request: Request, *, max_body: int) -> None:
        self.tenant = tenant
        self.max_body = max_body
        self._resets = tenant.resets
        self.request = request
        # Control requests draw no ids, so they do not shift a seeded run.
        self.request_id = "" if self.is_control else tenant.ids.opaque_id()
        self.begun_at = tenant.now()
        self.sent: dict[str, Any] = {}
        self.refused: Refusal | None = None
        self.is_bug = False
        self.is_framable = False
        self.hint = ""
        self.unread = ""
        self.client_id = ""
        self.target = ""
        self.base_url = ""

    @property
    def is_outlived(self) -> bool:
        """Whether the tenant was reset since it came: what it does would be another test's."""
        return self._resets != self.tenant.resets

    def add_hint(self, hint: str) -> None:
        """Append to the hint, unless the addition is empty or in it."""
        if hint not in self.hint:
            self.hint = "; ".join(one for one in (self.hint, hint) if one)

    def open(self) -> None:
        """Read target and host.

        Raises:
            InvalidRequest: Too long, or a host that the mock does not answer to.
            NotFound: There is no such tenant, or the path has a doubled slash.
        """
        environ, settings = self.request.environ, self.tenant.settings
        self.target = raw_target(environ)
        scheme, host = environ["wsgi.url_scheme"], environ.get("HTTP_HOST") or ""
        allowed = (*settings.own_hosts, *environ.get(VOUCHED_HOSTS_KEY, ()))
        # A page elsewhere may send any X-Forwarded-Host, so the Host beside it is looked at, too.
        _base_url(scheme, environ.get(SENT_HOST_KEY) or host, "", allowed)
        self.base_url = _base_url(scheme, host, self.prefix, allowed)
        mistake = environ.get(FORWARDED_MISTAKE_KEY)
        if mistake is not None:
            raise InvalidRequest("Invalid forwarded header", hint=mistake)
        unknown = environ.get(UNKNOWN_TENANT_KEY)
        if unknown is not None:
            raise NotFound("Not Found", hint=unknown)
        if "//" in self.target.partition("?")[0] and not self.is_control:
            raise NotFound(
                "Not Found",
                hint="the path has two slashes in a row, and Auth0 does not merge them: is a path "
                "with a slash at its start appended to a URL that ends in one?",
            )
        if len(self.target) > MAX_TARGET:
            raise InvalidRequest(
                "Request-URI Too Large",
                status=414,
                hint=f"the URL has {len(self.target)} characters; most that is read: {MAX_TARGET}",
            )

    @property
    def prefix(self) -> str:
        """The path under which the tenant stands; empty for the only one."""
        return self.request.environ.get("SCRIPT_NAME") or ""

    @property
    def is_control(self) -> bool:
        """Whether it steers the mock."""
        return f"{self.request.environ.get('PATH_INFO')}/".startswith("/_mockidp/")

    @property
    def authorization(self) -> str | None:
        """The Authorization header."""
        return self.request.environ.get("HTTP_AUTHORIZATION")

    @property
    def address(self) -> str:
        """The IP address of the client; empty if a proxy has named none."""
        # A caller in this process has no address.
        return client_address(self.request.environ.get("REMOTE_ADDR") or LOOPBACK)

    def query(self) -> Parameters:
        """Return the parameters of the query string."""
        return self._noted(parse_form(self.target.partition("?")[2]))

    def data(self) -> bytes:
        """Return the body.

        Raises:
            InvalidRequest: It is larger than this endpoint reads. Where its length is known it is
                not read at all, otherwise no further than the limit. Or its end did not arrive.
        """
        # Werkzeug cuts a body of unknown length at its limit without a word, so one byte more
        # is let through.
        self.request.max_content_length = self.max_body + 1
        if (self.request.content_length or 0) > self.max_body:
            raise self._too_large()
        try:
            data = self.request.get_data(cache=True)
        except ClientDisconnected:
            raise InvalidRequest(
                "Bad Request", hint="the body ends too early, or one of its chunks is malformed"
            ) from None
        if len(data) > self.max_body:
            raise self._too_large()
        return data

    def _too_large(self) -> InvalidRequest:
        return InvalidRequest(
            "Request Entity Too Large",
            status=413,
            hint=f"the body has more than {self.max_body} bytes, which is the limit of this "
            "endpoint",
        )

    def body(self) -> Parameters:
        """Return the parameters of a form or JSON body.

        Raises:
            InvalidRequest: Another content type, or a body that is not what its type says.
        """
        content_type = self.request.mimetype
        data = self.data()
        if content_type == "application/json":
            return self._noted(parse_json(data))
        if content_type == FORM:
            return self._noted(parse_form_body(data))
        if data:
            raise InvalidRequest(
                f"Unsupported content type: {content_type or 'none'}",
                hint=f"Content-Type is {content_type!r}; send {FORM} or application/json",
            )
        return Parameters({})

    def body_only(self, *reads: str) -> Parameters:
        """Return the body's parameters, where the query is not read; its names are in the hint.

        Args:
            reads: Parameters of the query that are read all the same.
        """
        parameters = self.body()
        try:
            sent = parse_form(self.target.partition("?")[2])
        except InvalidRequest:
            return parameters
        names = [name for name in sent if name not in reads]
        if not names:
            return parameters
        named = ", ".join(name[:_MAX_NAME] for name in names[:_MAX_NAMES])
        self.unread = f"the query string of a POST is not read: send {named} in the body"
        return parameters.with_unread(names, self.unread)

    def parameters(self) -> Parameters:
        """Return the body's parameters for a POST that has a body, else the query's."""
        if self.request.method == "POST" and self.data():
            return self.body()
        return self.query()

    @property
    def is_secure(self) -> bool:
        """Whether the request came over https."""
        return self.base_url.startswith("https:")

    @property
    def cookie_name(self) -> str:
        """The session cookie's name, which differs so that http need not overwrite Secure."""
        return "auth0" if self.is_secure else "auth0-http"

    def session(self) -> Session | None:
        """Return the browser's session."""
        return find_session(self.tenant, self.request.cookies.get(self.cookie_name))

    def _noted(self, parameters: Parameters) -> Parameters:
        self.sent |= parameters.raw()
        client_id = self.sent.get("client_id")
        if isinstance(client_id, str):
            self.client_id = client_id
        return parameters


def raw_target(environ: WSGIEnvironment) -> str:
    """Return path and query as sent; servers put them under one of two names, if at all."""
    target = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or _rebuilt(environ))
    if target.startswith("/"):
        return target
    # The absolute form (RFC 9112 3.2.2), as it is sent to a proxy.
    return target.removeprefix(origin_of(target)) or "/"


def _rebuilt(environ: WSGIEnvironment) -> str:
    """Put the target together again as clients write it: escapes in upper case (RFC 3986 6.2.2.1).

    Where a client escapes what it need not, the bytes differ from those sent.
    """
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    query = environ.get("QUERY_STRING", "")
    return quote(path.encode("latin-1"), safe=_PATH_CHARACTERS) + ("?" + query if query else "")


@lru_cache(maxsize=256)
def _base_url(scheme: str, host: str, prefix: str, allowed: tuple[str, ...]) -> str:
    split = split_host(host)
    if split is None:
        raise InvalidRequest("Invalid Host header", hint=f"Host is {host[:100]!r}")
    name, port = split
    if not is_local_host(name, allowed):
        raise InvalidRequest(
            "Unknown host",
            hint=f"this mock does not answer to the host {name!r}: loopback names, addresses, "
            "single-label names, *.localhost, *.internal and *.test are allowed, and what the "
            "setting `hosts` has",
        )
    return make_origin(scheme, name, port) + prefix
