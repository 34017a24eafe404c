"""The settings of the hosted pages: the section `prompts` of a tenant file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.resources.record import Record
from mockidp.resources.unsupported import Differs
from mockidp.tenant.texts import TextsByPrompt


def _has_advanced_screen(value: Any) -> bool:
    screens = value if isinstance(value, list) else ()
    return any(
        isinstance(one, Mapping) and one.get("rendering_mode") == "advanced" for one in screens
    )


@frozen
class Prompts(Record):
    """The file's `prompts` section."""

    universal_login_experience: Literal["new", "classic"] = "new"
    """The login page: Universal Login, or the classic one, which has the elements of Lock."""
    identifier_first: bool = False
    """Whether the username and the password are typed on two pages. The classic page has both."""
    custom_text: Mapping[str, TextsByPrompt] = field(
        default_factory=dict, metadata={"name": "customText"}
    )
    """The tenant's own texts of hosted pages: language, prompt, screen, key."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"partials"})
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "screenRenderers": Differs(
            "Auth0 shows these screens with the tenant's own scripts", _has_advanced_screen
        ),
        "webauthn_platform_first_factor": Differs(
            "Auth0 offers to log in with the device's biometrics"
        ),
    }
