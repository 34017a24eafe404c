"""Diagnose the URL of a mock by sending the requests that an app sends."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from mockidp.cli.calls.caller import CallResult, RequestSender
from mockidp.clients.remote.control_client import HEALTH
from mockidp.frozen import frozen
from mockidp.hosts import is_loopback
from mockidp.protocol.discovery.document import (
    AUTHORIZE,
    DISCOVERY,
    TOKEN,
    describe_mismatch,
    mismatch_remedy,
)
from mockidp.protocol.urls.origin import make_origin, origin_of, split_host

TOLERANCE = 5
"""The maximum difference of two clocks in seconds. Some clients reject a larger one."""
_WANTED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_FOREIGN_HOST = re.compile(r"does not answer to the host '([^']+)'")
_WRONG_NAME = (62, 64)
"""OpenSSL's error codes for a certificate with another host name or IP address."""


@frozen
class Finding:
    """The result of one check. `remedy` says how to fix a problem or a possible problem."""

    check: str
    ok: bool
    message: str
    remedy: str = ""


def diagnose(url: str) -> Iterator[Finding]:
    """Yield the findings about a URL. Stops at a problem that makes further checks impossible."""
    url = _normal(url)
    caller = RequestSender()
    health, findings = _check_health(caller, url)
    yield from findings
    if health is None:
        return
    yield _check_clock(health, url)
    document, finding = _read_discovery(caller, url)
    yield finding
    if not finding.ok:
        return
    yield _check_issuer(document, url)
    yield _check_browser(document, url)
    yield _check_answer(caller, "token", document["token_endpoint"], "OPTIONS")
    yield _check_answer(caller, "jwks", document["jwks_uri"], "GET", wanted="keys")


def _normal(url: str) -> str:
    """Normalize a URL as discovery does: host in lower case, without the default port."""
    origin = origin_of(url)
    scheme, _, host = origin.partition("://")
    split = split_host(host)
    return url if split is None else make_origin(scheme, *split) + url[len(origin) :]


def _check_health(caller: RequestSender, url: str) -> tuple[CallResult | None, list[Finding]]:
    """Return the response of the health check, or None if it failed."""
    findings = []
    try:
        try:
            reply = caller.send(url + HEALTH)
            if url.startswith("https:"):
                message = f"the certificate of {url} is trusted here"
                findings.append(Finding(check="tls", ok=True, message=message))
        except ssl.SSLCertVerificationError as error:
            findings.append(_untrusted(url, error))
            caller.trust_anything()
            reply = caller.send(url + HEALTH)
    except (OSError, HTTPException) as error:
        message = f"no {urlsplit(url).scheme} server answers at {url} ({error})"
        remedy = (
            "Start a mock with `mockidp serve`. Between containers, use the name of its service as "
            "the host."
        )
        if isinstance(error, ssl.SSLError):
            remedy = "Use http:// in --url if the port serves http."
        return None, [*findings, Finding(check="health", ok=False, message=message, remedy=remedy)]
    finding = _judge_health(reply, url)
    return reply if finding.ok else None, [*findings, finding]


def _untrusted(url: str, error: ssl.SSLCertVerificationError) -> Finding:
    message = f"the certificate of {url} is not trusted here: {error.verify_message}"
    remedy = (
        'Where the mock was started, run eval "$(mockidp env)". Elsewhere, set SSL_CERT_FILE and '
        f"NODE_EXTRA_CA_CERTS to a file with its CA, which is at {url}/_mockidp/ca.pem."
    )
    if error.verify_code in _WRONG_NAME:
        remedy = f"Set MOCKIDP_HOSTS={urlsplit(url).hostname} (hosts) and restart the mock."
    return Finding(check="tls", ok=False, message=message, remedy=remedy)


def _judge_health(reply: CallResult, url: str) -> Finding:
    if reply.status == HTTPStatus.OK and "status" in reply.json():
        return Finding(check="health", ok=True, message=f"a mockidp answers at {url}")
    if reply.hint:
        foreign = _FOREIGN_HOST.search(reply.hint)
        remedy = f"Set MOCKIDP_HOSTS={foreign[1]} (hosts)." if foreign else "Check --url."
        return Finding(
            check="host", ok=False, message=f"the mock refuses: {reply.hint}", remedy=remedy
        )
    problem = reply.json().get("error_description", f"status {reply.status}")
    message = f"the server at {url} is not a mockidp, or the port is wrong ({problem})"
    return Finding(check="health", ok=False, message=message, remedy="Check --url.")


def _check_clock(reply: CallResult, url: str) -> Finding:
    try:
        ahead = parsedate_to_datetime(reply.date).timestamp() - time.time()
    except ValueError:
        return Finding(check="clock", ok=True, message="the response has no valid Date header")
    if abs(ahead) <= TOLERANCE:
        return Finding(check="clock", ok=True, message="agrees with this machine's")
    how = "ahead of" if ahead > 0 else "behind"
    return Finding(
        check="clock",
        ok=False,
        message=f"is {abs(ahead):.0f} s {how} this machine's, so clients may refuse its tokens",
        remedy=f"If a test has moved it, run `mockidp clock offset 0 --url {url}`. Otherwise "
        "correct the clocks of the machines.",
    )


def _read_discovery(caller: RequestSender, url: str) -> tuple[Mapping[str, Any], Finding]:
    document, finding = {}, _check_answer(caller, "discovery", url + DISCOVERY, "GET")
    if finding.ok:
        document = caller.send(url + DISCOVERY).json()
        if not all(isinstance(document.get(name), str) for name in _WANTED):
            message = f"{url}{DISCOVERY} lacks one of {', '.join(_WANTED)}"
            finding = Finding(check="discovery", ok=False, message=message)
    return document, finding


def _check_issuer(document: Mapping[str, Any], url: str) -> Finding:
    issuer, seen_as = document["issuer"], document["token_endpoint"].removesuffix(TOKEN)
    message, remedy = describe_mismatch(url, issuer), mismatch_remedy(issuer)
    if seen_as != url:
        remedy = _proxy_remedy(url, seen_as)
        message = f"the mock sees {url} as {seen_as}" if issuer == f"{url}/" else message
    elif issuer == f"{url}/":
        message, remedy = f"{issuer} is the URL where discovery was read", ""
    return Finding(check="issuer", ok=not remedy, message=message, remedy=remedy)


def _proxy_remedy(url: str, seen_as: str) -> str:
    """Name the headers that a proxy in front of the mock has to send."""
    here, there = urlsplit(url), urlsplit(seen_as)
    differing = {
        "X-Forwarded-Proto": here.scheme != there.scheme,
        "X-Forwarded-Host": here.netloc != there.netloc,
        "X-Forwarded-Prefix": here.path != there.path,
    }
    needed = ", ".join(header for header, differs in differing.items() if differs)
    return (
        f"Configure the proxy in front of the mock to send {needed}, and set "
        "MOCKIDP_TRUST_PROXY=true (trust_proxy)."
    )


def _check_browser(document: Mapping[str, Any], url: str) -> Finding:
    browser_url = document["authorization_endpoint"].removesuffix(AUTHORIZE)
    parts = urlsplit(url)
    name, remedy = parts.hostname or "", ""
    if browser_url == url and not is_loopback(name):
        port = f":{parts.port}" if parts.port else ""
        remedy = (
            f"If browsers cannot resolve {name}, set "
            f"MOCKIDP_BROWSER_URL={parts.scheme}://localhost{port} (browser_url)."
        )
    return Finding(check="browser", ok=True, message=f"is sent to {browser_url}", remedy=remedy)


def _check_answer(
    caller: RequestSender, check: str, url: str, method: str, *, wanted: str = ""
) -> Finding:
    try:
        reply = caller.send(url, method)
    except (OSError, HTTPException, ValueError) as error:
        return Finding(
            check=check, ok=False, message=f"{url} cannot be reached from here ({error})"
        )
    if reply.status >= HTTPStatus.BAD_REQUEST or (wanted and wanted not in reply.json()):
        message = f"{url} answers with status {reply.status}"
        return Finding(check=check, ok=False, message=message, remedy=reply.hint)
    return Finding(check=check, ok=True, message=f"{url} answers")
