"""The content of a tenant file, in the layout of the Deploy CLI's tenant.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, fields
from typing import Any, ClassVar, TypeVar

from mockidp.codec.notes import Note
from mockidp.codec.shape import FieldShape, list_field
from mockidp.frozen import frozen
from mockidp.protocol.login.attack_protection import AttackProtection
from mockidp.protocol.mfa.guardian import GuardianFactor, GuardianPolicies, unsupported_factors
from mockidp.resources.record import Record
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import Reference, ResourceType, attribute_of
from mockidp.resources.unsupported import Differs, any_enabled
from mockidp.tenant.content.email_template import EmailTemplate
from mockidp.tenant.content.prompts import Prompts
from mockidp.tenant.content.settings import Settings
from mockidp.tenant.content.tenant_settings import CustomPage, TenantSettings

R = TypeVar("R", bound=Record)

_CODE = "which can deny access and add claims (here, use `mockidp.claims`)"


def _replaces_the_login(pages: Any) -> bool:
    entries = pages if isinstance(pages, list) else ()
    logins = [one for one in entries if isinstance(one, Mapping) and one.get("name") == "login"]
    return any_enabled(logins)


@frozen
class Configuration:
    """Everything in a tenant file except records of resources."""

    tenant: TenantSettings = field(default_factory=TenantSettings)
    """The tenant itself."""
    pages: tuple[CustomPage, ...] = ()
    """Custom pages, as exports have them."""
    prompts: Prompts = field(default_factory=Prompts)
    """The hosted pages of a login."""
    attack_protection: AttackProtection = field(
        default=AttackProtection(), metadata={"name": "attackProtection"}
    )
    """Protection against guessed passwords."""
    email_templates: tuple[EmailTemplate, ...] = field(
        default=(), metadata={"name": "emailTemplates"}
    )
    """Which e-mails are sent, and where their links lead."""
    guardian_factors: tuple[GuardianFactor, ...] = field(
        default=(), metadata={"name": "guardianFactors"}
    )
    """The second factors that users can enroll:
    https://github.com/mockidp/mockidp/blob/main/docs/how-to/mfa.md."""
    guardian_policies: GuardianPolicies = field(
        default=GuardianPolicies(), metadata={"name": "guardianPolicies"}
    )
    """When a second factor is required."""
    mockidp: Settings = field(default_factory=Settings)
    """mockidp's own settings, custom claims and faults:
    https://github.com/mockidp/mockidp/blob/main/docs/reference/settings.md."""

    extra: Mapping[str, Any] = field(default_factory=dict)
    """The sections that mockidp stores and does not act on, such as `branding`."""
    not_acted_on: tuple[str, ...] = field(default=(), metadata={"name": None})
    """Paths that mockidp does not act on and that change no answer, such as `branding`."""
    made_up: tuple[str, ...] = field(default=(), metadata={"name": None})
    """Paths of generated values, which exports do not contain: client ids and secrets."""
    notes: tuple[Note, ...] = field(default=(), compare=False, metadata={"name": None})
    """Notes about the file, such as references to ids that it does not contain."""

    differs: tuple[tuple[str, str], ...] = field(default=(), metadata={"name": None})
    """Paths that mockidp does not act on although they change Auth0's answers, each with how."""

    OTHER_NAMES: ClassVar[Mapping[str, str]] = {
        "applications": "clients",
        "apps": "clients",
        "apis": "resourceServers",
        "audiences": "resourceServers",
        "settings": "mockidp",
    }
    """The names that Auth0's dashboard and mockidp's documentation have for sections."""
    REFERENCES: ClassVar[tuple[Reference, ...]] = (
        Reference(
            path="tenant.default_directory",
            to="connections",
            expected="a connection",
            on_delete="refuse",
        ),
        Reference(
            path="tenant.default_audience",
            to="apis",
            expected="an API's identifier",
            on_delete="refuse",
        ),
        Reference(
            path="mockidp.claims.client",
            to="clients",
            expected="a client's id or name",
            is_strict=True,
        ),
        Reference(
            path="mockidp.claims.user",
            to="users",
            expected="a user's id, e-mail or username",
            is_strict=True,
        ),
        Reference(
            path="mockidp.subject_tokens.profile",
            to="token_exchange_profiles",
            expected="the name of a token exchange profile",
            is_strict=True,
        ),
        Reference(
            path="mockidp.subject_tokens.connection",
            to="connections",
            expected="a connection",
        ),
        Reference(
            path="mockidp.subject_tokens.user",
            to="users",
            expected="a user's id, e-mail or username",
            is_strict=True,
        ),
        Reference(
            path="mockidp.identity_providers.connection",
            to="connections",
            expected="a connection",
        ),
        Reference(
            path="mockidp.claims.audience",
            to="apis",
            expected="an API's identifier",
            is_strict=True,
        ),
    )
    """The settings that name records."""
    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            "actionModules", "actions", "branding", "clientAuthCredentials", "connectionProfiles",
            "emailProvider", "eventStreams", "exclude", "flows",
            "flowVaultConnections", "forms", "guardianEmailFactorSettings",
            "guardianFactorProviders", "guardianFactorTemplates",
            "guardianPhoneFactorSelectedProvider", "guardianPhoneFactorSettings",
            "guardianSettings", "include", "logStreams", "migrations", "networkACLKeys",
            "phoneProviders", "phoneTemplates", "riskAssessment", "riskAssessments",
            "riskAssessmentsNewDevice", "rulesConfigs", "scimConfiguration",
            "selfServiceProfiles", "supplementalSignals", "themes",
            "userAttributeProfiles",
            # The rest of sections that have an entry below.
            "guardianPhoneFactorMessageTypes",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "guardianFactors": Differs(
            "Auth0 lets users enroll WebAuthn devices and Duo as second factors",
            unsupported_factors,
        ),
        "guardianPhoneFactorMessageTypes.message_types": Differs(
            "Auth0 offers to call the user, and mockidp sends only text messages",
            lambda value: isinstance(value, list) and "voice" in value,
        ),
        "hooks": Differs(f"Auth0 runs these hooks, {_CODE}", any_enabled),
        "networkACLs": Differs("Auth0 blocks requests according to these rules"),
        "pages": Differs(
            "Auth0 shows the page `login` instead of its own, and mockidp the classic login page",
            _replaces_the_login,
        ),
        "rateLimitPolicies": Differs(
            "Auth0 limits requests by these policies (429 too_many_requests)"
        ),
        "rules": Differs(f"Auth0 runs these rules, {_CODE}", any_enabled),
        "triggers": Differs(f"Auth0 runs the Actions of these triggers, {_CODE}"),
    }

    @property
    def has_login_page(self) -> bool:
        """Whether the tenant's own page replaces Auth0's login page."""
        return any(one.name == "login" and one.enabled for one in self.pages)

    @property
    def error_page_url(self) -> str | None:
        """The URL for errors that cannot be sent to a callback; None shows them on a page."""
        of_export = (one.url for one in self.pages if one.name == "error_page")
        return next(filter(None, of_export), None) or self.tenant.error_page.url or None


@frozen
class TenantDocument(Configuration):
    """All of a tenant file: the format in which a tenant is imported and exported.

    Every section of a resource type is also an attribute and an argument, such as `clients`. The
    defaults are an empty tenant.
    """

    records: Mapping[str, tuple[Record, ...]] = field(default_factory=dict, metadata={"name": None})
    """The records by attribute of their section; sections without records are left out."""

    def __init__(
        self, *, records: Mapping[str, Iterable[Record]] | None = None, **values: Any
    ) -> None:
        sections = {name: values.pop(name) for name in _sections() if name in values}
        found = {**(records or {}), **sections}
        Configuration.__init__(self, **values)
        held = {name: tuple(found[name]) for name in _sections() if found.get(name)}
        object.__setattr__(self, "records", held)

    def __getattr__(self, name: str) -> tuple[Any, ...]:
        """Return the records of a section."""
        if name not in _sections():
            raise AttributeError(f"a tenant document has no {name!r}")
        return self.records.get(name, ())

    @classmethod
    def complete_fields(cls, own: Mapping[str, FieldShape]) -> Mapping[str, FieldShape]:
        """Return all sections: those of the configuration, and those of resource types."""
        sections = {
            name: list_field(name, attribute, kind.record, kind.sections[name])
            for attribute, (name, kind) in _sections().items()
        }
        return {"tenant": own["tenant"], **sections, **own}

    @property
    def configuration(self) -> Configuration:
        """Everything except the records."""
        return Configuration(**{one.name: getattr(self, one.name) for one in fields(Configuration)})

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names to serve in addition to local names, custom domains included."""
        return (*self.mockidp.own_hosts, *(one.domain for one in self.custom_domains))

    def of_type(self, kind: ResourceType[R]) -> Iterator[R]:
        """Return all records of a type."""
        for attribute in kind.attributes:
            yield from self.records.get(attribute, ())  # type: ignore[misc]  # of this type


def _sections() -> dict[str, tuple[str, ResourceType[Any]]]:
    """Return the sections of all resource types by attribute."""
    return {attribute_of(name): (name, kind) for kind in TYPES for name in kind.sections}


def document_of(
    configuration: Configuration, records: Iterable[tuple[ResourceType[Any], Iterable[Record]]]
) -> TenantDocument:
    """Return the document of a tenant."""
    sections: dict[str, list[Record]] = {}
    for kind, found in records:
        for one in found:
            sections.setdefault(kind.attribute_for(one), []).append(one)
    values = {one.name: getattr(configuration, one.name) for one in fields(Configuration)}
    return TenantDocument(records=sections, **values)
