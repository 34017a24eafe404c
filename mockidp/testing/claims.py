"""Add and remove custom claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.protocol.custom_claim import UNSET, ClaimPlace, CustomClaim
from mockidp.tenant.config.leniency import leniency_after
from mockidp.tenant.config.plain import structure_part
from mockidp.tenant.tenant import Tenant


def claim_fields(
    *,
    from_: str | None,
    value: Any,
    in_: ClaimPlace | Sequence[ClaimPlace],
    **limits: str | None,
) -> dict[str, Any]:
    """Return the arguments of the method `add_claim` as a tenant file has them."""
    given: dict[str, Any] = {"from": from_, **limits}
    fields = {name: one for name, one in given.items() if one is not None}
    if value is not UNSET:
        fields["value"] = value
    return {**fields, "in": in_}


def add_claim(tenant: Tenant, claim: str, fields: Mapping[str, Any]) -> CustomClaim:
    """Append a custom claim, so that it takes precedence over the existing ones.

    Args:
        tenant: The tenant.
        claim: The claim's name.
        fields: The rest of the entry, as in a tenant file.

    Raises:
        ConfigError: A field is unknown or has a wrong value, or Auth0 restricts the claim.
    """
    with tenant.changing:
        configuration = tenant.directory.configuration
        try:
            read = structure_part(
                {"mockidp": {"claims": [{"claim": claim, **fields}]}},
                source=f"claim {claim!r}",
                tenant=tenant.directory,
                leniency=leniency_after(configuration.notes),
            )
        except ConfigError as error:
            mistakes = (one.within(("mockidp", "claims", 0)) for one in error.mistakes)
            raise ConfigError(mistakes, more=error.more) from None
        (made,) = read.mockidp.claims
        _replace_claims(tenant, (*configuration.mockidp.claims, made))
    return made


def remove_claim(tenant: Tenant, claim: str) -> bool:
    """Remove every entry for a claim. Return whether there was one."""
    with tenant.changing:
        held = tenant.directory.settings.claims
        kept = tuple(one for one in held if one.claim != claim)
        if kept == held:
            return False
        _replace_claims(tenant, kept)
    return True


def _replace_claims(tenant: Tenant, claims: tuple[CustomClaim, ...]) -> None:
    configuration = tenant.directory.configuration
    settings = replace(configuration.mockidp, claims=claims)
    tenant.configure(replace(configuration, mockidp=settings))
