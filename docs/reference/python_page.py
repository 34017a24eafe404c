"""The Python page, from the signatures and docstrings of the test methods and fixtures."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from textwrap import dedent

import fixture_examples
from python_examples import EXAMPLES

import mockidp.pytest_plugin as plugin
from mockidp import Clock, Journal, MockIdP, RemoteIdP
from mockidp.faults import FaultPlan
from mockidp.resources.registry import TYPES
from mockidp.tenant.outbox import Outbox
from mockidp.testing.signatures.tenant import METHODS
from mockidp.web.control.operations import OPERATIONS

_PARTS = {"clock": Clock, "faults": FaultPlan, "journal": Journal, "outbox": Outbox}
SECTIONS = {
    "Classes": ("MockIdP()", "RemoteIdP()"),
    "Where the tenant is": ("url", "issuer"),
    **{
        kind.words_plural[0].upper() + kind.words_plural[1:]: (
            f"add_{kind.name}", f"get_{kind.name}", f"list_{kind.plural}", f"patch_{kind.name}",
            f"remove_{kind.name}",
        )
        for kind in TYPES
    },
    "Custom claims": ("add_claim", "list_claims", "patch_claim", "remove_claim"),
    "Logins": ("sign_in_as", "invite", "unblock", "approve_device", "deny_device"),
    "Logout": ("end_sessions", "logout_tokens"),
    "Passkeys": ("add_passkey",),
    "Second factors": (
        "enroll_totp", "totp_code", "enroll_phone", "enroll_email", "enroll_push", "approve_push",
        "reject_push", "new_recovery_code", "remove_authenticators",
    ),
    "Tokens and links": (
        "access_token", "management_token", "id_token", "native_social_token", "connect_account",
        "impersonation_link", "explain",
    ),
    "Token exchange": ("exchange_tokens",),
    "Faults": ("fault", "faults", "faults.unfired", "faults.cancel", "faults.clear"),
    "Rate limits": ("exhaust_rate_limit",),
    "Clock": (
        "clock.now", "clock.freeze", "clock.set", "clock.advance", "clock.offset", "clock.resume",
        "clock.skew",
    ),
    "Journal": (
        "journal", "journal.of", "journal.last", "journal.wait_for", "journal.to_json",
        "journal.clear",
    ),
    "Outbox": ("outbox", "outbox.of", "outbox.last", "outbox.wait_for", "outbox.clear"),
    "Assertions": ("assert_signed_in", "assert_token_requested", "assert_no_refusals"),
    "Keys and state": (
        "list_keys", "rotate_keys", "revoke_key", "reset", "snapshot", "restore",
    ),
    "The server of MockIdP": (
        "start", "stop", "serve", "is_served", "tls_url", "ca_file", "bundle_file", "transport",
    ),
    "The connections of RemoteIdP": ("close",),
}  # fmt: skip
FIXTURES = ("idp", "idp_server", "idp_tenant", "idp_listen_address", "idp_tls")
_INTRODUCTION = """\
`MockIdP` is a tenant with a server in the process of the tests. `RemoteIdP` is a tenant of a mock
that runs elsewhere. It has the same test methods, and each calls the control API, where the
operation has the same name in camel case: `sign_in_as` is `signInAs` in
[OpenAPI](../how-to/any-language.md). The pytest fixture `idp` is one of the two.

In the examples, `idp` serves the tenant of `mockidp serve --example acme`, and
`API = "https://api.acme.example/"` and `CALLBACK = "http://localhost:3000/callback"` are constants.
For second factors, `log_in(idp)` and `mfa_token(idp)` log alice in with her password at a tenant
that requires one, and `challenge` and `send` call `/mfa/challenge` and `/oauth/token`.
mockidp's tests run all examples. See also: [pytest](../how-to/pytest.md),
[plain Python](../how-to/plain-python.md), [a mock that runs elsewhere](../how-to/remote.md)."""
_WIDTH = 88
_LISTS = ("Args", "Attributes", "Raises")


def python_page(note: str) -> str:
    """Return the page."""
    return "\n".join(_lines(note)) + "\n"


def _lines(note: str) -> Iterator[str]:
    yield from ("# Python", "", note, "", *_INTRODUCTION.splitlines())
    for title, names in SECTIONS.items():
        yield from ("", f"## {title}")
        for name in names:
            yield from _entry(name)
    yield from ("", "## Fixtures", "", "The pytest plugin is active when mockidp is installed.")
    for name in FIXTURES:
        yield from ("", f"### fixture {name}", "")
        yield from _description(inspect.getdoc(getattr(plugin, name)) or "")
        yield from ("", "```python", *fixture_examples.EXAMPLES[name].splitlines(), "```")


def _entry(name: str) -> Iterator[str]:
    yield from ("", f"### {name}", "")
    if name.endswith("()"):
        cls = MockIdP if name == "MockIdP()" else RemoteIdP
        yield from _signature(cls.__name__, cls.__init__)
        yield from ("", *_description(inspect.getdoc(cls) or ""))
        yield from ("", *_description(inspect.getdoc(cls.__init__) or ""))
    else:
        found = resolve(name)
        if not isinstance(found, property):
            yield from (*_signature(f"idp.{name}", found), "")
        yield from _description(inspect.getdoc(found) or "")
    calls = [
        f"`{one.method} /_mockidp/v1{one.path}`"
        for one in OPERATIONS
        if one.name in _operations_of(name)
    ]
    if calls:
        yield from ("", f"Over HTTP: {' and '.join(calls)}.")
    yield from ("", "```python", *_example(name), "```")


def _operations_of(name: str) -> set[str]:
    """Return the operations of the control API that a method calls."""
    first, *others = name.split("_")
    same = first + "".join(one.capitalize() for one in others)
    return {same, *(one.operation_id for one in METHODS if name in one.python_names)}


def resolve(name: str) -> Callable[..., object] | property:
    """Return the method or property with a name, as it is on its class."""
    part, _, rest = name.rpartition(".")
    cls = _PARTS[part] if part else (RemoteIdP if name == "close" else MockIdP)
    found: Callable[..., object] | property = inspect.getattr_static(cls, rest)
    if isinstance(found, property):
        return found
    return getattr(cls, rest)  # type: ignore[no-any-return]


def _signature(name: str, function: Callable[..., object]) -> Iterator[str]:
    signature = inspect.signature(function)
    parameters = list(_parameters(list(signature.parameters.values())[1:]))
    result = "" if function.__name__ == "__init__" else f" -> {signature.return_annotation}"
    text = f"{name}({', '.join(parameters)}){result}"
    if len(text) > _WIDTH:
        lines = "".join(f"    {one},\n" for one in parameters)
        text = f"{name}(\n{lines}){result}"
    yield from ("```python", *text.splitlines(), "```")


def _parameters(parameters: list[inspect.Parameter]) -> Iterator[str]:
    before = None
    for one in parameters:
        if before is one.POSITIONAL_ONLY and one.kind is not before:
            yield "/"
        if one.kind is one.KEYWORD_ONLY and before is not one.kind:
            yield "*"
        stars = "**" if one.kind is one.VAR_KEYWORD else ""
        default = "" if one.default is one.empty else f" = {one.default!r}"
        yield f"{stars}{one.name}: {one.annotation}{default}"
        before = one.kind


def _description(text: str) -> Iterator[str]:
    """Return a docstring in Markdown: its lists of arguments and errors become lists."""
    for number, block in enumerate(text.split("\n\n")):
        if number:
            yield ""
        first, _, rest = block.partition("\n")
        heading = first.removesuffix(":")
        if heading in _LISTS and first.endswith(":"):
            if heading != "Args":
                yield f"{heading}:"
                yield ""
            yield from _items(dedent(rest))
        elif heading == "Returns" and first.endswith(":"):
            yield f"Returns: {' '.join(dedent(rest).split())}"
        else:
            yield from block.splitlines()


def _items(text: str) -> Iterator[str]:
    for item in re.split(r"\n(?=\S)", text):
        name, _, meaning = item.partition(":")
        yield f"- `{name.lstrip('*')}`: {' '.join(meaning.split())}"


def _example(name: str) -> Iterator[str]:
    function = EXAMPLES[name.replace(".", "__").replace("()", "__")]
    lines = inspect.getsource(function).splitlines()[1:]
    code = dedent("\n".join(lines))
    yield from re.sub(r"  # noqa: \w+ - .*", "", code).splitlines()
