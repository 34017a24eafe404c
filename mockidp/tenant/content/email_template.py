"""The e-mails of a tenant: Auth0's section `emailTemplates`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from mockidp.frozen import frozen
from mockidp.resources.record import Record

LIFETIME = 432000
"""Seconds until a link expires."""
_OFF = ("welcome_email",)
"""The e-mails that Auth0 sends only if their template is enabled."""


@frozen
class EmailTemplate(Record):
    """One e-mail: whether it is sent, and where its link leads."""

    template: str
    """Its name in Auth0, such as `verify_email`, `reset_email` or `welcome_email`."""
    enabled: bool = True
    """Whether it is sent. Without an entry, all are sent except `welcome_email`."""
    subject: str = ""
    """Its subject. Variables in it are not replaced."""
    resultUrl: str | None = None  # noqa: N815 - Auth0's name
    """The URL to which its link redirects at the end."""
    urlLifetimeInSeconds: int | None = None  # noqa: N815 - Auth0's name
    """Seconds until its link expires; by default 432000."""
    includeEmailInRedirect: bool | None = None  # noqa: N815 - Auth0's name
    """Whether the redirect contains the address."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"body", "from", "syntax"})


def template_named(templates: Iterable[EmailTemplate], name: str) -> EmailTemplate:
    """Return the template with a name, or Auth0's own."""
    found = (one for one in templates if one.template == name)
    return next(found, EmailTemplate(template=name, enabled=name not in _OFF))
