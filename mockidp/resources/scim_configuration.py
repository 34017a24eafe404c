"""How the directory of a company creates users of a connection with SCIM 2.0.

Auth0: `scim-configuration` of a connection. Source: docs/fidelity.md.
"""

from __future__ import annotations

from mockidp.frozen import frozen
from mockidp.resources.record import Record
from mockidp.resources.rules import Expected

SCIM_STRATEGIES = ("samlp", "oidc", "okta", "waad")
"""The strategies of connections that can have it."""


@frozen
class ScimMapping(Record):
    """One attribute, by its names on both sides."""

    scim: str
    """The path of the attribute in SCIM, such as `emails[primary eq true].value`."""
    auth0: str
    """The attribute of the user, such as `app_metadata.title`."""


@frozen
class ScimConfiguration(Record):
    """The settings of the SCIM endpoint of a connection."""

    user_id_attribute: str | None = None
    """The SCIM attribute that the ids of new users end with. By default `externalId`, and
    `userName` for SAML."""
    mapping: tuple[ScimMapping, ...] | None = None
    """The attributes that are read and shown. By default Auth0's mapping for the strategy."""
    created_at: str = "2024-01-01T00:00:00.000Z"
    """When it was created."""
    updated_on: str = "2024-01-01T00:00:00.000Z"
    """When it was changed last."""

    def user_id_attribute_of(self, strategy: str) -> str:
        """Return the attribute for the ids of users of a connection with a strategy."""
        return self.user_id_attribute or default_user_id_attribute(strategy)

    def mapping_of(self, strategy: str) -> tuple[ScimMapping, ...]:
        """Return the mapping of a connection with a strategy."""
        return default_mapping(strategy) if self.mapping is None else self.mapping


def check_scim_path(text: str) -> Expected | None:
    """Check that a text is the path of a SCIM attribute."""
    from mockidp.protocol.scim.path import parse_path  # noqa: PLC0415 - few tenants use SCIM
    from mockidp.protocol.scim.refusal import ScimRefusal  # noqa: PLC0415 - as above

    try:
        parse_path(text)
    except ScimRefusal:
        return Expected("the path of a SCIM attribute, such as name.givenName")
    return None


def default_user_id_attribute(strategy: str) -> str:
    """Return the SCIM attribute that Auth0 takes the ids of new users from."""
    return "userName" if strategy == "samlp" else "externalId"


def default_mapping(strategy: str) -> tuple[ScimMapping, ...]:
    """Return Auth0's mapping for a strategy. The addresses of Entra ID have a type."""
    email = 'emails[type eq "work"].value' if strategy == "waad" else _EMAIL
    return tuple(
        ScimMapping(scim=email if scim == _EMAIL else scim, auth0=auth0) for scim, auth0 in _DEFAULT
    )


_EMAIL = "emails[primary eq true].value"
_WORK, _USER = (
    'addresses[type eq "work"]',
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
)
_DEFAULT = (
    ("userName", "preferred_username"),
    (_EMAIL, "email"),
    ("externalId", "app_metadata.external_id"),
    ("active", "blocked"),
    ("displayName", "name"),
    ("name.givenName", "given_name"),
    ("name.familyName", "family_name"),
    ("name.middleName", "app_metadata.middle_name"),
    ("name.honorificPrefix", "app_metadata.honorific_prefix"),
    ("name.honorificSuffix", "app_metadata.honorific_suffix"),
    ("nickName", "nickname"),
    ('photos[type eq "photo"].value', "picture"),
    ("phoneNumbers[primary eq true].value", "app_metadata.primary_phone_number"),
    ('phoneNumbers[type eq "mobile"].value', "app_metadata.mobile_phone_number"),
    (f"{_WORK}.streetAddress", "app_metadata.street_address"),
    (f"{_WORK}.locality", "app_metadata.city"),
    (f"{_WORK}.region", "app_metadata.state"),
    (f"{_WORK}.postalCode", "app_metadata.postal_code"),
    (f"{_WORK}.formatted", "app_metadata.postal_address"),
    (f"{_WORK}.country", "app_metadata.country"),
    ("profileUrl", "app_metadata.profile_url"),
    ("userType", "app_metadata.user_type"),
    ("title", "app_metadata.title"),
    ("preferredLanguage", "app_metadata.language"),
    ("locale", "app_metadata.locale"),
    ("timezone", "app_metadata.timezone"),
    (f"{_USER}.employeeNumber", "app_metadata.employee_id"),
    (f"{_USER}.costCenter", "app_metadata.cost_center"),
    (f"{_USER}.organization", "app_metadata.organization"),
    (f"{_USER}.division", "app_metadata.division"),
    (f"{_USER}.department", "app_metadata.department"),
    (f"{_USER}.manager", "app_metadata.manager"),
)
"""Auth0's mapping for Okta Workforce: SCIM attributes, and those of the user."""
