"""The tenant's faults at an endpoint: before it acts, instead of it, and to its answer.

The server's part, a connection that ends or a body that drips, is asked for in
`environ["mockidp.delivery"]`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from werkzeug import Response
from werkzeug.datastructures import Headers

from mockidp.faults import Fault, FaultContext, FaultHit
from mockidp.faults.catalogue import ENDPOINTS, words_of
from mockidp.flows.authorization.authorize import refuse_authorization
from mockidp.flows.faults.body import JSON_WORDS, apply_to_json, changes_json
from mockidp.flows.faults.fire import fire_at_endpoint
from mockidp.flows.faults.refusals import oauth_error_for, rate_limited
from mockidp.flows.faults.request_facts import RequestFacts, describe_request
from mockidp.protocol.oauth_error import ServerError
from mockidp.protocol.refusal import Refusal
from mockidp.server.delivery import DELIVERY_KEY, Delivery
from mockidp.web.exchange import Exchange
from mockidp.web.render import text_response
from mockidp.web.route import Answer, Route

_LIMIT = 100
"""The `X-RateLimit-Limit` of endpoints that usually show none."""


class ExchangeFaults:
    """The faults of one exchange. What steers the mock is never spoiled."""

    __slots__ = ("_answering", "_exchange", "_firings", "_route")

    def __init__(self, exchange: Exchange, route: Route) -> None:
        self._exchange = exchange
        self._route = route
        self._firings: tuple[FaultHit, ...] = ()
        self._answering: FaultHit | None = None

    def answer_instead(self) -> Answer | None:
        """Let faults fire; return what one of them answers, or None to let the tenant act.

        Raises:
            Refusal: This is the answer.
        """
        if not len(self._exchange.tenant.faults) or self._route.endpoint not in ENDPOINTS:
            return None
        occasion = describe_request(self._exchange.tenant, self._incoming())
        self._firings = fire_at_endpoint(self._exchange.tenant, occasion)
        for firing in self._firings:
            if firing.fault.delay:
                # Whoever cancels the fault or stops the server ends the waiting.
                firing.ended.wait(firing.fault.delay)
                self._check_not_outlived()
            self._check_delivery(firing)
        for firing in self._firings:
            answer = self._answer_of(firing, occasion)
            if answer is not None:
                return answer
        return None

    def spoil(self, response: Response) -> None:
        """Apply faults to an answer, and report in the hint what they did."""
        trace = self._exchange.tenant.trace
        for firing in self._firings:
            self._spoil_headers(firing, response)
            self._deliver(firing.fault)
            before = response.get_data()
            effect = self._spoil_body(firing.fault, response)
            left_alone = response.get_data() == before and set(words_of(firing.fault)) <= JSON_WORDS
            if left_alone:
                self._exchange.tenant.faults.uncount(firing)
                trace.fault_hints.append(firing.tell(effect))
            elif firing is not self._answering:
                trace.spoiled(firing, effect)
        trace.occasion = None
        advice = [] if self._exchange.refused else trace.hints
        self._exchange.add_hint("; ".join((*advice, *trace.fault_hints)))

    def _incoming(self) -> RequestFacts:
        exchange = self._exchange
        return RequestFacts(
            endpoint=self._route.endpoint,
            method=exchange.request.method,
            base_url=exchange.base_url,
            target=exchange.target,
            parameters=_parameters(exchange),
            authorization=exchange.authorization,
            session_id=exchange.request.cookies.get(exchange.cookie_name),
        )

    def _check_not_outlived(self) -> None:
        if self._exchange.is_outlived:
            raise ServerError("Internal error", hint="the tenant was reset while this was delayed")

    def _check_delivery(self, firing: FaultHit) -> None:
        fault = firing.fault
        wanted = fault.drop or fault.truncate is not None or fault.drip
        if wanted and DELIVERY_KEY not in self._exchange.request.environ:
            why = "the WSGI server that runs here cannot do that, and mockidp's own can"
            raise self._refusal(firing, ServerError("Internal error"), why)

    def _answer_of(self, firing: FaultHit, occasion: FaultContext) -> Answer | None:
        """Return the answer of a fault that has one of its own."""
        tenant, fault = self._exchange.tenant, firing.fault
        effect = "it was answered instead, and the tenant did nothing"
        error = oauth_error_for(tenant, fault, occasion)
        refusal = rate_limited(occasion) if fault.rate_limit else error
        if refusal is None and fault.status is None:
            return None
        if refusal is None:
            self._answering = firing
            tenant.trace.spoiled(firing, effect)
            return text_response(fault.body or "", fault.status or 200)
        self._refusal(firing, refusal, effect)
        if error is not None and occasion.endpoint == "authorize" and fault.status is None:
            exchange = self._exchange
            return refuse_authorization(tenant, exchange.base_url, exchange.parameters(), error)
        raise refusal

    def _refusal(self, firing: FaultHit, refusal: Refusal, effect: str) -> Refusal:
        """Return a refusal that says which fault it is."""
        self._answering = firing
        self._exchange.tenant.trace.faults.append(firing.name)
        refusal.hint = firing.tell(effect)
        return refusal

    def _spoil_headers(self, firing: FaultHit, response: Response) -> None:
        fault = firing.fault
        if firing is self._answering:
            if fault.rate_limit:
                self._limit_rate(response.headers)
            response.headers.update(fault.headers)
        if fault.content_type is not None:
            response.headers["Content-Type"] = fault.content_type

    def _limit_rate(self, headers: Headers) -> None:
        headers["X-RateLimit-Limit"] = str(self._route.rate_limit or _LIMIT)
        headers["X-RateLimit-Remaining"] = "0"
        headers["X-RateLimit-Reset"] = str(int(self._exchange.tenant.now()) + 1)
        headers["Retry-After"] = "1"

    def _spoil_body(self, fault: Fault, response: Response) -> str:
        """Spoil a JSON answer; return what came of it."""
        if not changes_json(fault):
            only_late = tuple(words_of(fault)) == ("delay",)
            return "the answer came late" if only_late else "the answer was spoiled"
        body, why = self._spoiled_json(fault, response)
        if body is None:
            return why
        response.set_data(body)
        return "the answer was spoiled"

    def _spoiled_json(self, fault: Fault, response: Response) -> tuple[bytes | None, str]:
        """Return what becomes of a body, or None and why it stays as it is."""
        if response.status_code >= HTTPStatus.BAD_REQUEST and not fault.malformed_json:
            return None, "the answer is a refusal, which this leaves as it is"
        if response.mimetype != "application/json":
            return None, "the answer is no JSON, which is all that this could spoil"
        body = apply_to_json(self._exchange.tenant, fault, response.get_data())
        return body, "the answer has nothing that this would change"

    def _deliver(self, fault: Fault) -> None:
        delivery: Delivery | None = self._exchange.request.environ.get(DELIVERY_KEY)
        if delivery is not None:
            delivery.drop = delivery.drop or fault.drop
            delivery.drip = max(delivery.drip, fault.drip)
            if fault.truncate is not None:
                delivery.truncate = fault.truncate


def _parameters(exchange: Exchange) -> dict[str, Any]:
    """Return all parameters that can be read; what cannot is for the handler to refuse."""
    for read in (exchange.query, exchange.body):
        try:
            read()
        except Refusal:
            continue
    return dict(exchange.sent)
