"""Tenants from a file, plain data or a document, and keys from text or a file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.frozen import replace
from mockidp.protocol.tokens.keys import load_private_keys
from mockidp.tenant.config.domain_rules import check_settings
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.config.plain import structure_record, structure_tenant
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.settings import Settings
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.tenant import Tenant

TenantSource = str | os.PathLike[str] | Mapping[str, Any] | TenantDocument | Tenant
"""The path of a tenant file or an export, the content of one, or a tenant."""
KeySource = str | bytes | os.PathLike[str]
"""PEM text, or the path of a PEM file."""

_BEGIN = "-----BEGIN"


def make_tenant(
    source: TenantSource | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    seed: int | None = None,
    keys: KeySource | None = None,
    hosts: Sequence[str] = (),
    placeholders: Mapping[str, str] | None = None,
) -> Tenant:
    """Return the tenant of a source; without a source, the lenient tenant.

    Args:
        source: The source; a tenant is returned unchanged.
        settings: Settings that override those of the source, in the form of the section `mockidp`.
        seed: Makes codes, tokens and ids repeatable.
        keys: The RSA keys to sign with, in the order of their rotation.
        hosts: Host names to answer to, in addition to those of the settings.
        placeholders: Values for the Deploy CLI's `##KEY##` and `@@KEY@@` in a tenant file.

    Raises:
        ConfigError: The source or the settings have mistakes. The error contains all of them.
        MockIdPError: The keys cannot be read, or are not RSA keys.
        TypeError: The source has an unsupported type, or settings, a seed, keys or placeholders are
            given for a `Tenant`.
    """
    if isinstance(source, Tenant):
        given = {"settings": settings, "seed": seed, "keys": keys, "placeholders": placeholders}
        if extra := [name for name, value in given.items() if value is not None]:
            raise TypeError(f"A Tenant has its own {' and '.join(extra)}. Pass them to Tenant().")
        return source
    loaded = load_document(source, placeholders)
    merged = loaded.mockidp if settings is None else _override(loaded.mockidp, settings)
    document = replace(loaded, mockidp=replace(merged, hosts=(*merged.hosts, *hosts)))
    if merged is not loaded.mockidp:
        check_settings(document, source="settings")
    if merged.claims != loaded.mockidp.claims:
        _check_names_in_claims(document)
    return Tenant(document, seed=seed, private_keys=() if keys is None else load_keys(keys))


def load_document(
    source: str | os.PathLike[str] | Mapping[str, Any] | TenantDocument | None,
    placeholders: Mapping[str, str] | None = None,
) -> TenantDocument:
    """Return the document of a source.

    Raises:
        ConfigError: It has mistakes. The error contains all of them.
        TypeError: The source has an unsupported type, or placeholders are given although it is not
            a path.
    """
    if isinstance(source, str | os.PathLike):
        return load_tenant(Path(source), placeholders=placeholders or {})
    if placeholders is not None:
        raise TypeError("Argument `placeholders` needs the path of a tenant file.")
    if source is None:
        return ZERO_CONFIG
    if isinstance(source, TenantDocument):
        return source
    if isinstance(source, Mapping):
        return structure_tenant(source)
    raise TypeError(
        f"Argument `tenant` has the type {type(source).__name__}. Pass the path of a tenant file, "
        "its content as a mapping, a TenantDocument or a Tenant."
    )


def load_keys(keys: KeySource) -> Sequence[rsa.RSAPrivateKey]:
    """Return the RSA keys of PEM text or of a PEM file.

    Raises:
        MockIdPError: The file does not exist, or has no keys that can sign tokens.
        TypeError: The value is neither text, bytes nor a path.
    """
    if isinstance(keys, bytes):
        return load_private_keys(keys, source="keys")
    if isinstance(keys, str) and _BEGIN in keys:
        return load_private_keys(keys.encode(), source="keys")
    if not isinstance(keys, str | os.PathLike):
        raise TypeError(
            f"Argument `keys` has the type {type(keys).__name__}. Pass PEM text or a path."
        )
    path = os.fsdecode(keys)
    try:
        pem = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise MockIdPError(
            f"keys: {path[:200]!r} cannot be read ({why}). Pass PEM text or the path of a PEM file."
        ) from None
    return load_private_keys(pem, source=path)


def _override(base: Settings, settings: Mapping[str, Any]) -> Settings:
    if not isinstance(settings, Mapping):
        raise TypeError(
            f"Argument `settings` has the type {type(settings).__name__}. Pass a mapping."
        )
    return structure_record(Settings, _merge(to_file(base), settings), source="settings")


def _check_names_in_claims(document: TenantDocument) -> None:
    """Check that the clients, users and APIs to which claims are limited exist."""
    try:
        structure_tenant(to_file(document), source="settings")
    except ConfigError as error:
        place = ("mockidp", "claims")
        wrong = [one for one in error.mistakes if (one.steps or ())[:2] == place]
        if wrong:
            raise ConfigError(one.within(("mockidp",)) for one in wrong) from None


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return both mappings merged. The second one takes precedence."""
    merged = {**below, **above}
    for name, value in below.items():
        if isinstance(value, Mapping) and isinstance(merged[name], Mapping):
            merged[name] = _merge(value, merged[name])
    return merged
