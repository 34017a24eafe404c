"""The fault steps: faults at an endpoint, before a request is handled and after.

The steps request faults of the connection, such as a dropped connection or a slow answer, from the
server through `environ["mockidp.delivery"]`.
"""

from __future__ import annotations

from http import HTTPStatus

from werkzeug import Response

from mockidp.faults import Fault, FaultContext, FaultHit
from mockidp.faults.change_body import change_body, changes_body, changes_only_body
from mockidp.faults.refusals import error_for, rate_limited
from mockidp.faults.vocabulary import ENDPOINTS
from mockidp.faults.words import words_of
from mockidp.flows.authorization.authorize import refuse_authorization
from mockidp.flows.login.transaction import find_login, refuse_login
from mockidp.flows.requests.facts import describe_request
from mockidp.protocol.errors.extension_error import MfaRequired
from mockidp.protocol.errors.oauth_error import OAuthError, ServerError
from mockidp.protocol.errors.refusal import Refusal
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.server.delivery import DELIVERY_KEY, Delivery
from mockidp.web.pipeline.rate_limits import limit_shown
from mockidp.web.request.exchange import Exchange
from mockidp.web.request.sent import request_facts
from mockidp.web.response.headers import rate_limit_headers
from mockidp.web.response.render import text_response
from mockidp.web.response.reply import Reply

_LIMIT = 100
"""The `X-RateLimit-Limit` of endpoints that usually show none."""
_REDIRECTING = ("authorize", "passwordless_verify_redirect", "connection")
"""The endpoints that send errors to the client's callback."""
_REPLACED = "the fault answered the request, and the tenant did nothing"


class EndpointFaults:
    """The faults that fire at the endpoint of one exchange. Control requests have none."""

    __slots__ = ("_answering", "_exchange", "_hits")

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._hits: tuple[FaultHit, ...] = ()
        self._answering: FaultHit | None = None

    def before(self) -> Reply | None:
        """Fire faults, and wait for delays. Return the reply that replaces the tenant's, if any.

        Raises:
            Refusal: A fault refuses the request.
        """
        exchange = self._exchange
        tenant, endpoint = exchange.tenant, exchange.route.endpoint
        if endpoint not in ENDPOINTS:
            return None
        context = describe_request(tenant, request_facts(exchange))
        self._hits, exchange.resets = exchange.once("faults", lambda: self._fire(context))
        if exchange.is_outlived and any(hit.fault.delay for hit in self._hits):
            hint = "The tenant was reset while a fault delayed this answer."
            raise ServerError("Internal error", hint=hint)
        tenant.injection.context = context
        for hit in self._hits:
            self._check_delivery(hit)
        for hit in self._hits:
            reply = self._reply_of(hit, context)
            if reply is not None:
                return reply
        return None

    def after(self, response: Response) -> None:
        """Change a response, and note the effects for the hint."""
        injection = self._exchange.tenant.injection
        for hit in self._hits:
            self._change_headers(hit, response)
            self._set_delivery(hit.fault)
            is_changed, effect = self._change_body(hit.fault, response)
            if not is_changed and changes_only_body(hit.fault):
                injection.uncount(hit, effect)
            elif hit is not self._answering:
                injection.note(hit, effect)

    def _fire(self, context: FaultContext) -> tuple[tuple[FaultHit, ...], int]:
        """Fire faults, and wait for delays. Return them, and the number of resets before."""
        tenant = self._exchange.tenant
        with tenant.backend.separately():
            hits = tenant.backend.run(lambda: tenant.injection.at_endpoint(context))
            resets = tenant.resets
            for hit in hits:
                hit.wait()  # ends early if the fault is canceled or the server stops
        return hits, resets

    def _check_delivery(self, hit: FaultHit) -> None:
        fault = hit.fault
        is_needed = fault.drop or fault.truncate is not None or fault.drip
        if is_needed and DELIVERY_KEY not in self._exchange.environ:
            why = "only mockidp's own server can do that, and this is another WSGI server"
            refusal = ServerError("Internal error", hint=hit.hint(why, verb="failed"))
            raise self._note(hit, refusal)

    def _reply_of(self, hit: FaultHit, context: FaultContext) -> Reply | None:
        """Return the reply of a fault that replaces the tenant's."""
        tenant, fault = self._exchange.tenant, hit.fault
        error = error_for(fault, context, tenant.settings.blocked_user_error)
        if isinstance(error, MfaRequired) and context.endpoint == "token":
            error.mfa_token = tenant.ids.mfa_token()
        refusal = rate_limited(context) if fault.rate_limit else error
        if refusal is not None:
            return self._refuse(hit, refusal)
        if fault.status is None:
            return None
        self._answering = hit
        tenant.injection.note(hit, _REPLACED)
        return Reply(text_response(fault.body or "", fault.status))

    def _refuse(self, hit: FaultHit, refusal: Refusal) -> Reply:
        """Refuse as the endpoint does: some send OAuth errors to the client's callback."""
        refusal.hint = hit.hint(_REPLACED)
        self._note(hit, refusal)
        exchange = self._exchange
        goes_to_callback = exchange.route.endpoint in _REDIRECTING and hit.fault.status is None
        if goes_to_callback and not hit.fault.rate_limit and isinstance(refusal, OAuthError):
            return Reply(self._send_to_callback(refusal))
        raise refusal

    def _send_to_callback(self, refusal: OAuthError) -> AuthorizationResponse:
        exchange, sent = self._exchange, self._exchange.parameters()
        if exchange.route.endpoint == "connection":
            login = find_login(exchange.tenant, exchange.base_url, sent.get("state"))
            return refuse_login(exchange.tenant, login, refusal)
        return refuse_authorization(exchange.tenant, exchange.base_url, sent, refusal)

    def _note(self, hit: FaultHit, refusal: Refusal) -> Refusal:
        """Note that a fault refuses the request, and return the refusal."""
        self._answering = hit
        self._exchange.tenant.injection.fired.append(hit.name)
        return refusal

    def _change_headers(self, hit: FaultHit, response: Response) -> None:
        fault, headers = hit.fault, response.headers
        if hit is self._answering:
            if fault.rate_limit:
                now = int(self._exchange.tenant.now())
                headers.update(rate_limit_headers(self._limit(), left=0, now=now))
                headers["Retry-After"] = "1"
            headers.update(fault.headers)
        if fault.content_type is not None:
            headers["Content-Type"] = fault.content_type

    def _limit(self) -> int:
        """Return the `X-RateLimit-Limit` of a fault."""
        counted = limit_shown(self._exchange)
        return counted.burst if counted else self._exchange.route.rate_limit or _LIMIT

    def _change_body(self, fault: Fault, response: Response) -> tuple[bool, str]:
        """Change a JSON response. Return whether it changed, and the effect for the hint."""
        if not changes_body(fault):
            only_late = tuple(words_of(fault)) == ("delay",)
            return True, "the answer came late" if only_late else "the answer was changed"
        if response.status_code >= HTTPStatus.BAD_REQUEST and not fault.malformed_json:
            return False, "the answer is a refusal, which this fault does not change"
        if response.mimetype != "application/json":
            return False, "the answer is not JSON, and this fault changes only JSON"
        jwk = self._exchange.tenant.keys.current.jwk
        body = change_body(fault, response.get_data(), current_jwk=jwk)
        if body is None:
            return False, "the answer has nothing that this fault changes"
        response.set_data(body)
        return True, "the answer was changed"

    def _set_delivery(self, fault: Fault) -> None:
        delivery: Delivery | None = self._exchange.environ.get(DELIVERY_KEY)
        if delivery is not None:
            delivery.drop = delivery.drop or fault.drop
            delivery.drip = max(delivery.drip, fault.drip)
            if fault.truncate is not None:
                delivery.truncate = fault.truncate
