"""The page about the tenant file, from the records that it is parsed into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import is_dataclass

from mockidp.codec.kind import Choice, Kind, ListOf, Scalar, bare, record_in
from mockidp.codec.schema import all_descriptions
from mockidp.codec.shape import FieldShape, Shape, shape_of
from mockidp.tenant.content.document import TenantDocument

_OWN = "mockidp"
_NAMES = {bool: "true or false", int: "whole number", float: "number", str: "string"}
_INTRODUCTION = """\
A tenant file is YAML or JSON in the format of Auth0's Deploy CLI: the section names and keys are
Auth0's, apart from `users` and `mockidp`. [acme.yaml](../../fixtures/tenants/acme.yaml) is a
commented example, and [exports](../how-to/exports.md) load unchanged. `mockidp check FILE` reports
every error, and `mockidp push FILE` loads the file into a running mock."""
_EXAMPLE = """\
```yaml
# tenant.yaml
clients:
  - client_id: shop
    name: Shop
    client_secret: shop-secret
    callbacks: [http://localhost:3000/callback]
    allowed_logout_urls: [http://localhost:3000]

resourceServers:
  - identifier: https://api.acme.example/
    name: Acme API
    scopes: [{value: read:items}]

users:
  - user_id: auth0|alice
    email: alice@acme.example
    password: Passw0rd!
```"""
_CLASSES = """\
Each section below has up to three parts:

- a table of the keys that have an effect, as in Auth0. *In part* describes what is missing.
- **Differs**: keys that mockidp accepts without effect, although Auth0 would answer differently.
  `mockidp check`, the output of `mockidp serve` and a hint name the key if its value makes a
  difference.
- **No effect**: keys that mockidp accepts and that change no answer of Auth0's Authentication API,
  such as logos and texts, or that only concern
  [what mockidp does not implement](../fidelity.md#what-is-not-implemented).

Any other key is an error. In paths, `[]` stands for each entry of a list, and a dot precedes the
key of a mapping."""

WISHES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("add a custom claim", ("mockidp.claims[]",), "custom-claims"),
    (
        "change how long an access token lives",
        ("resourceServers[].token_lifetime",),
        "token-lifetime",
    ),
    (
        "change how long an ID token lives",
        ("clients[].jwt_configuration.lifetime_in_seconds",),
        "token-lifetime",
    ),
    (
        "change how long a refresh token lives, or rotate it",
        (
            "clients[].refresh_token.token_lifetime",
            "clients[].refresh_token.idle_token_lifetime",
            "clients[].refresh_token.rotation_type",
        ),
        "token-lifetime",
    ),
    (
        "change how long a session lives",
        ("tenant.session_lifetime", "tenant.idle_session_lifetime"),
        "token-lifetime",
    ),
    ("block a user", ("users[].blocked",), "block-a-user"),
    (
        "configure blocks after failed logins",
        ("attackProtection.bruteForceProtection",),
        "brute-force",
    ),
    (
        "use several APIs, or audiences",
        ("resourceServers[]", "clients[].refresh_token.policies[]", "tenant.default_audience"),
        "audiences",
    ),
    ("allow a redirect URI (callback)", ("clients[].callbacks",), "spa"),
    (
        "allow a return URL after logout",
        ("clients[].allowed_logout_urls", "tenant.allowed_logout_urls"),
        "logout",
    ),
    (
        "let a single-page app log in silently, and call the token endpoint (CORS)",
        ("clients[].web_origins",),
        "spa",
    ),
    (
        "give a client refresh tokens",
        ("clients[].grant_types", "resourceServers[].allow_offline_access"),
        "token-lifetime",
    ),
    (
        "give a machine access to an API",
        ("clientGrants[].audience", "clientGrants[].scope"),
        "audiences",
    ),
    (
        "authenticate a client with a private key",
        ("clients[].client_authentication_methods.private_key_jwt.credentials[]",),
        "private-key-jwt",
    ),
    ("use the password grant", ("clients[].grant_types", "tenant.default_directory"), "audiences"),
    (
        "use roles and permissions (RBAC)",
        (
            "resourceServers[].enforce_policies",
            "resourceServers[].token_dialect",
            "users[].roles",
            "roles[].permissions[]",
        ),
        "roles",
    ),
    ("require consent", ("clients[].is_first_party", "mockidp.consent_on_localhost"), ""),
    (
        "log users in with a social or enterprise connection",
        (
            "connections[].strategy",
            "connections[].show_as_button",
            "connections[].options.domain_aliases",
        ),
        "social-login",
    ),
    (
        "sign tokens with HS256",
        ("resourceServers[].signing_alg", "clients[].jwt_configuration.alg"),
        "",
    ),
    ("request impersonation links", ("clients[].global",), "impersonation"),
    ("change the settings of the mock itself", ("mockidp",), ""),
    ("inject faults from the start", ("mockidp.faults[]",), "faults"),
)
"""Common tasks, the keys for each, and the guide that shows them."""


def tenant_file_page(note: str) -> str:
    """Return the page."""
    lines = ["# Tenant file", "", note, "", _INTRODUCTION, "", "## I want to...", ""]
    lines += ["| I want to | key | guide |", "|---|---|---|", *map(_wish, WISHES)]
    lines += ["", "## A small file", "", _EXAMPLE, "", "## How to read the tables", "", _CLASSES]
    for cls, paths in records().items():
        lines += ["", f"## {_heading(paths)}", "", *_section(cls)]
    return "\n".join(lines) + "\n"


def records() -> dict[type, list[str]]:
    """Return every record of a tenant file with the paths at which it is found."""
    found: dict[type, list[str]] = {}
    _collect(TenantDocument, "", found)
    return found


def _collect(cls: type, path: str, found: dict[type, list[str]]) -> None:
    found.setdefault(cls, []).extend([path] if path else [])
    for name, one in shape_of(cls).fields.items():
        inner = record_in(one.kind)
        if inner is not None and (path or name != _OWN):
            suffix = "[]" if isinstance(one.kind, ListOf) else ""
            _collect(inner, f"{path}.{name}{suffix}".removeprefix("."), found)


def _heading(paths: list[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths) or "The file"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _wish(wish: tuple[str, tuple[str, ...], str]) -> str:
    text, paths, guide = wish
    keys = ", ".join(f"[`{path}`]({_place_of(path)})" for path in paths)
    return f"| {text} | {keys} | {f'[{guide}](../how-to/{guide}.md)' if guide else ''} |"


def _place_of(path: str) -> str:
    """Return the link to the section that has a key, or that a record has to itself."""
    name = path.removesuffix("[]").removeprefix("mockidp").removeprefix(".").replace(".", "")
    if path.partition(".")[0] == _OWN:
        return "faults.md" if name == "faults" else f"settings.md{f'#{name}' if name else ''}"
    by_path = {one: paths for paths in records().values() for one in paths}
    section = by_path.get(path) or by_path[path.rpartition(".")[0]]
    return f"#{_anchor(_heading(section))}"


def _section(cls: type) -> Iterator[str]:
    shape, described = shape_of(cls), all_descriptions(cls)
    yield from ("| key | value | default | meaning |", "|---|---|---|---|")
    for name, one in shape.fields.items():
        partly = shape.differs.get(name)
        what = _linked(described.get(one.attribute, one.description))
        what += f" *In part*: {partly.text}." if partly else ""
        yield f"| `{name}` | {_kind(one.kind)} | {_default(one)} | {what} |"
    if any(name not in shape.fields for name in shape.differs):
        yield from ("", *_differences(shape))
    silent = list(_without_effect(shape))
    if silent or shape.keeps_anything:
        names = ", ".join(
            [*(f"`{name}`" for name in silent), *["any other"] * shape.keeps_anything]
        )
        yield from ("", f"**No effect**: {names}.")


def _differences(shape: Shape) -> Iterator[str]:
    yield from ("| differs | what Auth0 does |", "|---|---|")
    for name, one in shape.differs.items():
        if name not in shape.fields:
            yield f"| `{name}` | {one.text} |"


def _without_effect(shape: Shape) -> Iterator[str]:
    for name in sorted(shape.kept - shape.differs.keys()):
        if not any(one.startswith(f"{name}.") for one in shape.differs):
            yield name


def _linked(text: str) -> str:
    """Make links of the pages that a description names, and escape bars, which end table cells."""
    return re.sub(
        r"https://\S+/docs/(?:reference|(how-to))/([\w-]+)\.md",
        lambda found: f"[{found[2]}]({'../how-to/' if found[1] else ''}{found[2]}.md)",
        text.replace("|", r"\|"),
    )


def _kind(kind: Kind) -> str:
    record = record_in(kind)
    if record is not None:
        paths = records().get(record)
        target = f"#{_anchor(_heading(paths))}" if paths else "settings.md"
        return f"[{'list' if isinstance(kind, ListOf) else 'mapping'}]({target})"
    match bare(kind):
        case Choice(words):
            return ", ".join(f"`{one}`" for one in words)
        case ListOf(item):
            inner = _kind(item)
            return "list of " + {"string": "strings", "mapping": "mappings"}.get(inner, inner)
        case Scalar(type=name):
            return _NAMES[name]
    return "mapping"


def _default(one: FieldShape) -> str:
    if one.is_required:
        return "required"
    if one.default in (None, "", ()) or is_dataclass(one.default) or one.default == {}:
        return ""
    if isinstance(one.default, tuple):
        return ", ".join(f"`{value}`" for value in one.default)
    return f"`{str(one.default).lower() if isinstance(one.default, bool) else one.default}`"
