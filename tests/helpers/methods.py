"""Calls of test methods on a tenant without a MockIdP."""

from dataclasses import dataclass

from mockidp.tenant.tenant import Tenant
from mockidp.testing.methods.invitation import INVITE, NewInvitation
from mockidp.testing.methods.link import IMPERSONATION_LINK, NewLink
from mockidp.testing.methods.rate_limits import EXHAUST_RATE_LIMIT, ExhaustRateLimit
from mockidp.testing.methods.sign_in import SIGN_IN_AS, UNBLOCK, SignInAs


@dataclass
class Target:
    """A tenant and its URL."""

    tenant: Tenant
    url: str = ""


def impersonation_link(tenant, url, user, **options):
    """Return the URL of a link."""
    return IMPERSONATION_LINK.function(Target(tenant, url), NewLink(user=user, **options)).url


def sign_in_as(tenant, user, **options):
    """Sign a user in for the next authorization request."""
    SIGN_IN_AS.function(Target(tenant), SignInAs(user=user, **options))


def invite(tenant, organization, email, **options):
    """Return the link of an invitation."""
    request = NewInvitation(organization=organization, email=email, **options)
    return INVITE.function(Target(tenant), request).url


def unblock(tenant, user):
    """Lift the blocks of a user."""
    UNBLOCK.function(Target(tenant), user)


def exhaust_rate_limit(tenant, limit, *, remaining=0):
    """Exhaust a rate limit."""
    request = ExhaustRateLimit(limit=limit, remaining=remaining)
    EXHAUST_RATE_LIMIT.function(Target(tenant), request)
