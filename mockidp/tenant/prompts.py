"""The settings of the hosted pages: the section `prompts` of a tenant file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from mockidp.resources.record import Record
from mockidp.resources.unsupported import Differs, unlike
from mockidp.tenant.texts import TextsByPrompt


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompts(Record):
    """The file's `prompts` section."""

    identifier_first: bool = False
    """Whether the user name and the password are typed on two pages."""
    custom_text: Mapping[str, TextsByPrompt] = field(
        default_factory=dict, metadata={"name": "customText"}
    )
    """The tenant's own texts of hosted pages: language, prompt, screen, key."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"partials", "screenRenderers"})
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "universal_login_experience": Differs("Auth0 shows its classic login page", unlike("new")),
        "webauthn_platform_first_factor": Differs(
            "Auth0 offers to log in with the device's biometrics"
        ),
    }
