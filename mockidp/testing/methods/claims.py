"""The test methods for custom claims, the entries of `mockidp.claims`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.frozen import replace
from mockidp.protocol.merge_patch import merge_patch
from mockidp.protocol.tokens.custom_claim import CLAIM_PLACES, UNSET, ClaimPlace, CustomClaim
from mockidp.tenant.config.leniency import leniency_after
from mockidp.tenant.config.plain import structure_part, structure_record
from mockidp.tenant.tenant import Tenant
from mockidp.testing.method import (
    ID,
    NO_ANSWER,
    NO_PARAMETERS,
    PATCH,
    Form,
    Method,
    MethodCaller,
    NoParameters,
    Patch,
    Target,
    list_of,
)


def _fields(
    *,
    from_: str | None,
    value: Any,
    in_: ClaimPlace | Sequence[ClaimPlace] | None,
    **limits: str | None,
) -> dict[str, Any]:
    """Return the arguments of a method in the layout of a tenant file."""
    given: dict[str, Any] = {"from": from_, **limits, "in": in_}
    fields = {name: one for name, one in given.items() if one is not None}
    return fields if value is UNSET else {**fields, "value": value}


def _list_claims(target: Target, _request: NoParameters) -> list[CustomClaim]:
    """Return the custom claims in the order in which they apply: later entries win."""
    return list(target.tenant.settings.claims)


def _add_claim(target: Target, fields: Mapping[str, Any]) -> CustomClaim:
    """Add a custom claim to tokens and /userinfo."""
    tenant = target.tenant
    with tenant.backend.exclusive():
        made = _read(tenant, fields)
        _replace_claims(tenant, (*tenant.settings.claims, made))
    return made


def _patch_claim(target: Target, patch: Patch) -> CustomClaim:
    """Change some fields of the last entry for a custom claim, which wins."""
    tenant, fields = target.tenant, dict(patch.fields)
    with tenant.backend.exclusive():
        held = tenant.settings.claims
        found = [index for index, one in enumerate(held) if one.claim == patch.id]
        if not found:
            raise _unknown(tenant, patch.id)
        for name, other in (("from", "value"), ("value", "from")):
            if name in fields:
                fields.setdefault(other)
        last = found[-1]
        made = _read(tenant, merge_patch(to_file(held[last]), fields))
        _replace_claims(tenant, (*held[:last], made, *held[last + 1 :]))
    return made


def _remove_claim(target: Target, claim: str) -> None:
    """Remove every entry for a claim, by name."""
    tenant = target.tenant
    with tenant.backend.exclusive():
        held = tenant.settings.claims
        kept = tuple(one for one in held if one.claim != claim)
        if kept == held:
            raise _unknown(tenant, claim)
        _replace_claims(tenant, kept)


def _unknown(tenant: Tenant, claim: str) -> MockIdPError:
    known = dict.fromkeys(entry.claim for entry in tenant.settings.claims)
    return MockIdPError(f"There is no claim {claim!r}. Known: {', '.join(known) or 'none'}.")


def _read(tenant: Tenant, fields: Mapping[str, Any]) -> CustomClaim:
    """Return an entry in the layout of a tenant file as a record."""
    try:
        read = structure_part(
            {"mockidp": {"claims": [{"claim": None, **fields}]}},
            source=_source(fields),
            tenant=tenant.directory,
            leniency=leniency_after(tenant.directory.configuration.notes),
        )
    except ConfigError as error:
        mistakes = (one.within(("mockidp", "claims", 0)) for one in error.mistakes)
        raise ConfigError(mistakes, more=error.more) from None
    (made,) = read.mockidp.claims
    return made


def _source(fields: Mapping[str, Any]) -> str:
    return f"claim {fields.get('claim')!r}"


def _replace_claims(tenant: Tenant, claims: tuple[CustomClaim, ...]) -> None:
    configuration = tenant.directory.configuration
    settings = replace(configuration.mockidp, claims=claims)
    tenant.configure(replace(configuration, mockidp=settings))


def _as_is(data: Any) -> Any:
    return data


_FIELDS: Form[Mapping[str, Any]] = Form(schema=CustomClaim, write=_as_is, read=_as_is)
_CLAIM: Form[CustomClaim] = Form(
    schema=CustomClaim,
    write=to_file,
    read=partial(structure_record, CustomClaim, source="/claims"),
)
LIST_CLAIMS = Method(
    name="list_claims",
    http="GET /claims",
    function=_list_claims,
    parameters=NO_PARAMETERS,
    answer=list_of(_CLAIM),
)
ADD_CLAIM = Method(
    name="add_claim",
    http="POST /claims",
    function=_add_claim,
    parameters=_FIELDS,
    answer=_CLAIM,
    source=_source,
)
PATCH_CLAIM = Method(
    name="patch_claim",
    http="PATCH /claims/{id}",
    function=_patch_claim,
    parameters=PATCH,
    answer=_CLAIM,
    source=lambda patch: f"claim {patch.id!r}",
)
REMOVE_CLAIM = Method(
    name="remove_claim",
    http="DELETE /claims/{id}",
    function=_remove_claim,
    parameters=ID,
    answer=NO_ANSWER,
    status=204,
)


class ClaimMethods(MethodCaller):
    """The test methods for custom claims."""

    def add_claim(
        self,
        claim: str,
        /,
        *,
        from_: str | None = None,
        value: Any = UNSET,
        in_: ClaimPlace | Sequence[ClaimPlace] = CLAIM_PLACES,
        client: str | None = None,
        audience: str | None = None,
        user: str | None = None,
        scope: str | None = None,
    ) -> CustomClaim:
        """Add a custom claim to tokens and /userinfo. It takes precedence over earlier ones.

        Give either `from_` or `value`. Without limits, it is added for everyone.

        Args:
            claim: Its name, such as `https://acme.example/plan`.
            from_: A dotted path below `user`, `client` or `request`, such as
                `user.app_metadata.plan`. While it does not resolve, the entry adds nothing.
            value: The value itself: any JSON value.
            in_: One or more of `id_token`, `access_token` and `userinfo`.
            client: Only for this client, by id or name.
            audience: Only for requests for this API, by identifier.
            user: Only for this user: by id, the id's last part, e-mail or username.
            scope: Only if this scope was granted.

        Raises:
            MockIdPError: Auth0 restricts the claim, the path cannot exist, or a client, user or
                API is unknown.
        """
        limits = {"client": client, "audience": audience, "user": user, "scope": scope}
        fields = _fields(from_=from_, value=value, in_=in_, **limits)
        return self._call(ADD_CLAIM, {"claim": claim, **fields})

    def list_claims(self) -> list[CustomClaim]:
        """Return the custom claims in the order in which they apply: later entries win."""
        return self._call(LIST_CLAIMS, NoParameters())

    def patch_claim(
        self,
        claim: str,
        /,
        *,
        from_: str | None = None,
        value: Any = UNSET,
        in_: ClaimPlace | Sequence[ClaimPlace] | None = None,
        client: str | None = None,
        audience: str | None = None,
        user: str | None = None,
        scope: str | None = None,
    ) -> CustomClaim:
        """Change some fields of a custom claim, and keep the others.

        If there are several entries for the claim, the last one, which takes precedence, changes.

        Args:
            claim: Its name.
            from_: A dotted path. It replaces a value.
            value: The value. It replaces a path, and cannot become None.
            in_: One or more of `id_token`, `access_token` and `userinfo`.
            client: Only for this client.
            audience: Only for requests for this API.
            user: Only for this user.
            scope: Only if this scope was granted.

        Raises:
            MockIdPError: There is no such claim, or as for `add_claim`.
        """
        limits = {"client": client, "audience": audience, "user": user, "scope": scope}
        fields = _fields(from_=from_, value=value, in_=in_, **limits)
        return self._call(PATCH_CLAIM, Patch(id=claim, fields=fields))

    def remove_claim(self, claim: str, /) -> None:
        """Remove every entry for a custom claim.

        Args:
            claim: Its name.

        Raises:
            MockIdPError: There is no such claim.
        """
        self._call(REMOVE_CLAIM, claim)
