"""Parse the parameters of an authorization request, after client and redirect URI.

Spec: RFC 6749 4.1.1; OpenID Connect Core 3.1.2.1.
Auth0: `docs/fidelity.md`, "/authorize".
"""

from __future__ import annotations

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters

_PROMPTS = ("none", "login", "consent", "select_account")


def parse_prompt(parameters: Parameters) -> tuple[str, ...]:
    """Parse `prompt`.

    Raises:
        InvalidRequest: An unknown value, or `none` together with another.
    """
    text = parameters.get("prompt")
    prompts = tuple(dict.fromkeys((text or "").split()))
    unknown = [prompt for prompt in prompts if prompt not in _PROMPTS]
    if unknown:
        raise InvalidRequest(
            f"Invalid prompt: {text}",
            hint=f"Parameter `prompt` contains {unknown[0]!r}. Use {', '.join(_PROMPTS)}.",
        )
    if "none" in prompts and len(prompts) > 1:
        raise InvalidRequest(
            f"Invalid prompt: {text}",
            hint="Parameter `prompt` cannot combine `none` with another value.",
        )
    return prompts


def parse_max_age(parameters: Parameters) -> int | None:
    """Parse `max_age`, in seconds.

    Raises:
        InvalidRequest: It is not a number of seconds.
    """
    text = parameters.get("max_age")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10):  # noqa: PLR2004 - digits of 300 years
        raise InvalidRequest(
            "Invalid max_age",
            hint=f"Parameter `max_age` is {text[:40]!r}. Send a number of seconds, 0 or more.",
        )
    return int(text)
