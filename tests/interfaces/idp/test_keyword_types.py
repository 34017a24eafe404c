"""The types of keyword arguments have the same fields as the records."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from importlib import import_module
from types import UnionType
from typing import Any, Literal, Required, Union, get_args, get_origin, get_type_hints

import pytest

from mockidp.codec.shape import shape_of
from mockidp.faults import Fault, When
from mockidp.faults.vocabulary import PLACES
from mockidp.protocol.login.identity_provider import IdentityProvider
from mockidp.protocol.tokens.custom_claim import CustomClaim
from mockidp.protocol.tokens.token_exchange import SubjectToken
from mockidp.resources.client import Client
from mockidp.resources.client_credential import (
    ClientAuthenticationMethods,
    Credential,
    PrivateKeyJwt,
    SignedRequestObject,
    TlsClientAuth,
)
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.client_logout import BackchannelLogout, LogoutInitiators
from mockidp.resources.client_tokens import (
    ClientTokenExchange,
    DefaultOrganization,
    IdentityAssertionGrant,
    JwtConfiguration,
    NativeProviderLogin,
    NativeSocialLogin,
    RefreshTokenPolicy,
    ResourcePolicy,
    SessionTransfer,
)
from mockidp.resources.connected_account import ConnectedAccount
from mockidp.resources.connection import (
    ConnectedAccountsPurpose,
    Connection,
    ConnectionOptions,
    ConnectionPurpose,
    CrossAppAccess,
    OneTimePassword,
)
from mockidp.resources.custom_domain import CustomDomain
from mockidp.resources.mfa_factor import EmailFactor, MfaFactor, PhoneFactor, TotpFactor
from mockidp.resources.organization import (
    Organization,
    OrganizationClient,
    OrganizationClientGrant,
    OrganizationConnection,
    OrganizationMember,
)
from mockidp.resources.password_hash import HashedPassword, HashValue, HmacKey, PasswordHash, Salt
from mockidp.resources.password_options import (
    ConnectionValidation,
    PasswordComplexityOptions,
    PasswordDictionary,
    PasswordHistoryOptions,
    PasswordNoPersonalInfo,
    UsernameLength,
)
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_server import (
    ApiScope,
    AuthorizationDetailsType,
    ClientAccessPolicy,
    ProofOfPossession,
    ResourceServer,
    SubjectTypeAuthorization,
    UserAccessPolicy,
)
from mockidp.resources.role import Permission, Role
from mockidp.resources.scim_configuration import ScimConfiguration, ScimMapping
from mockidp.resources.token_exchange_profile import TokenExchangeProfile
from mockidp.resources.user import User
from mockidp.tenant.content.settings import ImpersonationSettings, Settings
from mockidp.testing import words

FIELDS = {
    name: each
    for kind in TYPES
    for name, each in vars(import_module(f"mockidp.testing.record_fields.{kind.plural}")).items()
}
TYPED = {
    **{
        cls: FIELDS[f"{cls.__name__}Fields"]
        for cls in (
            User, Permission, Client, BackchannelLogout, LogoutInitiators, JwtConfiguration, RefreshTokenPolicy, ResourcePolicy, SessionTransfer,
            DefaultOrganization, ResourceServer, ApiScope, AuthorizationDetailsType, SubjectTypeAuthorization,
            ClientAccessPolicy, UserAccessPolicy, ClientGrant, Connection, ConnectionOptions,
            ConnectionPurpose, OneTimePassword, ScimConfiguration, ScimMapping, Role, Organization, OrganizationConnection,
            OrganizationMember, OrganizationClient, OrganizationClientGrant,
            MfaFactor, TotpFactor, PhoneFactor, EmailFactor,
            ClientAuthenticationMethods, PrivateKeyJwt, Credential, SignedRequestObject,
            PasswordComplexityOptions, PasswordHistoryOptions, PasswordNoPersonalInfo,
            PasswordDictionary, ConnectionValidation, UsernameLength,
            ClientTokenExchange, TokenExchangeProfile, CustomDomain,
            IdentityAssertionGrant, CrossAppAccess, NativeSocialLogin, NativeProviderLogin,
            ConnectedAccount, ConnectedAccountsPurpose,
            TlsClientAuth, ProofOfPossession,
            PasswordHash, HashValue, HmacKey, Salt, HashedPassword,
        )
    },
    Settings: words.SettingsFields,
    SubjectToken: words.SubjectTokenFields,
    IdentityProvider: words.IdentityProviderFields,
    CustomClaim: words.CustomClaimFields,
    ImpersonationSettings: words.ImpersonationSettingsFields,
    When: words.WhenFields,
    Fault: words.FaultFields,
}  # fmt: skip
ARGUMENTS = {kind.record: kind.key for kind in TYPES}
"""The first argument of the methods for a record, or the generated id."""


def typed(cls, name, kind):
    """Return the type that a method accepts for a field of a record."""
    if (cls, name) == (Fault, "endpoint"):
        return words.Place
    if kind in (tuple[ApiScope, ...], tuple[AuthorizationDetailsType, ...]):
        return Sequence[str | TYPED[get_args(kind)[0]]]
    if is_dataclass(kind):
        return TYPED[kind]
    if get_origin(kind) in (Union, UnionType):
        return Union[tuple(typed(cls, name, one) for one in get_args(kind))]  # noqa: UP007 - a tuple
    if get_origin(kind) is not tuple:
        return kind
    one = get_args(kind)[0]
    several = many(TYPED.get(one, one))
    accepts_one = shape_of(cls).fields[name].one_or_more
    return Union[one, several] if accepts_one else several  # noqa: UP007 - a Literal has no |


def many(kind):
    return list[kind] | tuple[kind, ...]


def flat(kind):
    """Return a type in a form in which equal unions are equal."""
    if get_origin(kind) in (Union, UnionType):
        return frozenset(map(flat, get_args(kind)))
    return kind


@pytest.mark.parametrize("cls", TYPED, ids=lambda cls: cls.__name__)
def test_a_record_and_its_keyword_arguments_have_the_same_fields(cls):
    hints = get_type_hints(cls)
    of_record = {
        name if cls is CustomClaim else one.attribute: typed(cls, name, hints[one.attribute])
        for name, one in shape_of(cls).fields.items()
        if name != ARGUMENTS.get(cls)
    }
    of_words = get_type_hints(TYPED[cls])
    assert {name: flat(kind) for name, kind in of_words.items()} == {
        name: flat(kind) for name, kind in of_record.items()
    }
    is_resource = cls in ARGUMENTS  # in a patch, every field is optional
    required = set() if is_resource else {one.attribute for one in shape_of(cls).required}
    hints = get_type_hints(TYPED[cls], include_extras=True)
    marked = {name for name, kind in hints.items() if get_origin(kind) is Required}
    assert TYPED[cls].__required_keys__ | marked == required


def test_the_type_of_endpoints_lists_all_places_of_faults():
    assert get_args(words.Place) == PLACES


def test_every_typed_dict_is_compared_or_part_of_one():
    compared = set(TYPED.values()) | {words.FaultWords, words.SpoiledTokenWords}
    public = {
        each
        for name, each in (vars(words) | FIELDS).items()
        if isinstance(each, type) and hasattr(each, "__total__") and not name.startswith("_")
    }
    assert public == compared


def test_the_types_for_faults_have_the_fields_of_a_fault():
    assert get_type_hints(words.FaultWords).keys() == {
        one.name for one in fields(Fault) if one.name not in ("endpoint", "when")
    }
    assert (
        get_type_hints(words.SpoiledTokenWords).items() <= get_type_hints(words.FaultWords).items()
    )


def test_flat_distinguishes_different_types():
    assert flat(str | None) == flat(Union[None, str])  # noqa: UP007 - another spelling
    assert flat(str | None) != flat(str)
    assert flat(Literal["a", "b"]) != flat(Literal["a"])
    assert flat(Mapping[str, Any]) != flat(Mapping[str, str])
