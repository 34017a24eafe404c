"""The pages of the hosted login: below `/u/`, `/activate` and `/authorize/resume`."""

from mockidp.web.hosted import (
    consent,
    cross_origin,
    device,
    email_verification,
    identifier_first,
    login,
    mfa,
    organization,
    passwordless,
    provider,
    reset_password,
    reset_request,
    resume,
    sign_up,
)

ROUTES = (
    *login.ROUTES,
    *identifier_first.ROUTES,
    *organization.ROUTES,
    *passwordless.ROUTES,
    *provider.ROUTES,
    *mfa.ROUTES,
    *consent.ROUTES,
    *device.ROUTES,
    *sign_up.ROUTES,
    *email_verification.ROUTES,
    *cross_origin.ROUTES,
    *reset_request.ROUTES,
    *reset_password.ROUTES,
    resume.ROUTE,
)
