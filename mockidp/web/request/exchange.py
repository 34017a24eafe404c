"""One request, as the handlers see it: its tenant, its unchanged URL, its parameters."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from werkzeug import Request

from mockidp.protocol.errors.oauth_error import InvalidRequest, NotFound
from mockidp.protocol.login.attack_protection import LOOPBACK, client_address
from mockidp.protocol.oauth.parameters import (
    FORM,
    Parameters,
    parse_form,
    parse_form_body,
    parse_json,
)
from mockidp.tenant.tenant import Tenant
from mockidp.web.request import keys
from mockidp.web.request.body import hint_about_query, read_body, received_body
from mockidp.web.request.cookies import sent_cookies
from mockidp.web.request.host import base_url_at
from mockidp.web.request.target import raw_target

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from mockidp.protocol.rate_limits import Level
    from mockidp.protocol.tokens.artifacts import Session
    from mockidp.web.routing.route import Route

T = TypeVar("T")
MAX_TARGET = 16_000


class Exchange:
    """One request to one tenant.

    Attributes:
        environ: The WSGI environment.
        method: The method of the request, in upper case.
        path: The path below the prefix of the tenant, decoded.
        route: The route that was matched.
        allowed_methods: The methods that the path has routes for, if the request has another one.
        request_id: The id that Auth0's support asks for. Control requests have none.
        is_control: Whether it is a request to the control API or to mockidp's own pages.
        base_url: Scheme, host, port and path prefix of the request, without a slash at the end.
        target: Path and query as they were sent, byte for byte.
        unread: A hint about parameters that were sent where they are not read.
        client_id: The client that the parameters name.
        begun_at: When it arrived, by the tenant's clock.
        sent: The parameters that were read, as they were sent.
        size: The number of bytes of target and body that were read.
        rate_limit: The limit that the response shows, if requests are counted.
        resets: The number of the tenant's resets when it arrived.
    """

    __slots__ = (
        "_body", "_cookies", "_data", "_query", "_request", "allowed_methods", "base_url",
        "begun_at", "client_id", "environ", "is_control", "method", "path", "rate_limit",
        "request_id", "resets", "route", "sent", "size", "target", "tenant", "unread",
    )  # fmt: skip

    def __init__(
        self,
        tenant: Tenant,
        environ: WSGIEnvironment,
        *,
        method: str,
        path: str,
        route: Route,
        allowed_methods: tuple[str, ...] = (),
    ) -> None:
        self.tenant = tenant
        self.environ = environ
        self.method = method
        self.path = path
        self.route = route
        self.allowed_methods = allowed_methods
        self._request: Request | None = None
        self.resets = tenant.resets
        self._query: Parameters | None = None
        self._body: Parameters | None = None
        self._cookies: Mapping[str, str] | None = None
        self._data: bytes | None = None
        self.is_control = f"{environ.get('PATH_INFO')}/".startswith("/_mockidp/")
        # Such requests draw no ids, so that they do not shift a seeded run.
        has_no_id = self.is_control or not route.is_recorded
        self.request_id = "" if has_no_id else tenant.ids.opaque_id()
        self.begun_at = tenant.now()
        self.sent: dict[str, Any] = {}
        self.rate_limit: Level | None = None
        self.size = 0
        self.unread = ""
        self.client_id = ""
        self.target = ""
        self.base_url = ""

    @property
    def request(self) -> Request:
        """The request as Werkzeug sees it, for headers and types of content. Few need it."""
        self._request = self._request or Request(self.environ, populate_request=False)
        return self._request

    def once(self, what: Hashable, act: Callable[[], T]) -> T:
        """Return the result of an action that is not repeated if the request runs again."""
        done: dict[Hashable, T] | None = self.environ.get(keys.DONE)
        if done is None:  # it cannot run again
            return act()
        if what not in done:
            done[what] = act()
        return done[what]

    def has_done(self, what: Hashable) -> bool:
        """Return whether an earlier attempt of the request has done what `once` does once."""
        return what in self.environ.get(keys.DONE, ())

    @property
    def is_outlived(self) -> bool:
        """Whether the tenant was reset after the request arrived, so it belongs to another test."""
        return self.resets != self.tenant.resets

    @property
    def client(self) -> str:
        """The client that a flow has found, else the one that the parameters name."""
        return self.tenant.trace.notes.get("client") or self.client_id

    def open(self) -> None:
        """Read target and host.

        Raises:
            InvalidRequest: The URL is too long, or the host is not allowed.
            NotFound: There is no such tenant, or the path has two slashes in a row.
            Refusal: The state of the tenant cannot be read.
        """
        environ, settings = self.environ, self.tenant.settings
        self.target = raw_target(environ)
        self.size = len(self.target)
        scheme, host = environ["wsgi.url_scheme"], environ.get("HTTP_HOST") or ""
        allowed = (*settings.own_hosts, *environ.get(keys.VOUCHED_HOSTS, ()))
        sent_host = environ.get(keys.SENT_HOST)
        if sent_host:
            # A page of another origin can send any X-Forwarded-Host, so Host is checked as well.
            base_url_at(self.tenant, scheme, sent_host, "", allowed)
        self.base_url = base_url_at(self.tenant, scheme, host, self.prefix, allowed)
        if (mistake := environ.get(keys.FORWARDED_MISTAKE)) is not None:
            raise InvalidRequest("Invalid forwarded header", hint=mistake)
        if (unknown := environ.get(keys.UNKNOWN_TENANT)) is not None:
            raise NotFound("Not Found", hint=unknown)
        if "//" in self.target.partition("?")[0] and not self.is_control:
            raise NotFound(
                "Not Found",
                hint="The path has two slashes in a row, and Auth0 does not merge them. Was a path "
                "that begins with a slash appended to a URL that ends with one?",
            )
        if environ.get(keys.REFUSAL) is not None:
            with self.tenant.trace.check("store"):
                raise environ[keys.REFUSAL]
        if len(self.target) > MAX_TARGET:
            raise InvalidRequest(
                "Request-URI Too Large",
                status=414,
                hint=f"The URL has {len(self.target)} characters. At most {MAX_TARGET} are read.",
            )

    @property
    def prefix(self) -> str:
        """The path prefix of the tenant; empty for the first one."""
        return self.environ.get("SCRIPT_NAME") or ""

    @property
    def authorization(self) -> str | None:
        """The Authorization header."""
        return self.environ.get("HTTP_AUTHORIZATION")

    @property
    def address(self) -> str:
        """The IP address of the client; empty if a proxy did not name one."""
        # A caller in this process has no address.
        return client_address(self.environ.get("REMOTE_ADDR") or LOOPBACK)

    def query(self) -> Parameters:
        """Return the parameters of the query string."""
        return self._note(self._parse_query())

    def _parse_query(self) -> Parameters:
        self._query = self._query or parse_form(self.target.partition("?")[2])
        return self._query

    def data(self) -> bytes:
        """Return the body.

        Raises:
            InvalidRequest: It is larger than the route's limit, or its end did not arrive. One that
                is larger and still arrives is not read if its length is known, else to the limit.
        """
        limit = self.route.max_body
        if self._data is None:
            whole = received_body(self.environ)
            self._data = read_body(self.request, limit) if whole is None else whole
        if self._data is None or len(self._data) > limit:
            raise self.too_large()
        self.size = len(self.target) + len(self._data)
        return self._data

    def too_large(self) -> InvalidRequest:
        """Return the refusal of a body that is larger than the route's limit."""
        return InvalidRequest(
            "Request Entity Too Large",
            status=413,
            hint=f"The body has more than {self.route.max_body} bytes, which is the limit of this "
            "endpoint.",
        )

    def body(self) -> Parameters:
        """Return the parameters of a form or JSON body.

        Raises:
            InvalidRequest: The content type is another one, or the body does not match it.
        """
        self._body = self._body or self._parse_body()
        return self._note(self._body)

    def _parse_body(self) -> Parameters:
        # Werkzeug would parse the parameters as well.
        header = self.environ.get("CONTENT_TYPE") or ""
        content_type = header.partition(";")[0].strip().lower()
        data = self.data()
        if content_type == "application/json":
            return parse_json(data)
        if content_type == FORM:
            return parse_form_body(data)
        if data:
            raise InvalidRequest(
                f"Unsupported content type: {content_type or 'none'}",
                hint=f"Content-Type is {content_type!r}. Send {FORM} or application/json.",
            )
        return Parameters({})

    def json_body(self) -> Parameters:
        """Return the members of a JSON body, whatever its content type is.

        Raises:
            InvalidRequest: It is not a JSON object.
        """
        return self._note(parse_json(self.data()))

    def body_only(self, *reads: str) -> Parameters:
        """Return the body's parameters. A hint names those of the query, which is not read.

        Args:
            reads: Query parameters that are read, so the hint leaves them out.
        """
        parameters = self.body()
        try:
            sent = self._parse_query()
        except InvalidRequest:
            return parameters
        names = [name for name in sent if name not in reads]
        if not names:
            return parameters
        self.unread = hint_about_query(names)
        return parameters.with_unread(names, self.unread)

    def parameters(self) -> Parameters:
        """Return the body's parameters for a POST that has a body, else the query's."""
        if self.method == "POST" and self.data():
            return self.body()
        return self.query()

    @property
    def is_secure(self) -> bool:
        """Whether the request came over https."""
        return self.base_url.startswith("https:")

    @property
    def cookie_name(self) -> str:
        """The session cookie's name. http has its own, as it cannot overwrite a Secure cookie."""
        return "auth0" if self.is_secure else "auth0-http"

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies by name."""
        if self._cookies is None:
            self._cookies = sent_cookies(self.environ)
        return self._cookies

    def session(self) -> Session | None:
        """Return the browser's session."""
        from mockidp.flows.sessions.session import find_session  # noqa: PLC0415 - only logins need it

        return find_session(self.tenant, self.base_url, self.cookies.get(self.cookie_name))

    def _note(self, parameters: Parameters) -> Parameters:
        self.sent |= parameters.raw()
        client_id = self.sent.get("client_id")
        if isinstance(client_id, str):
            self.client_id = client_id
        return parameters
