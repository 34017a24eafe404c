"""The pages of the hosted login: below `/u/`, `/activate` and `/authorize/resume`."""

from mockidp.web.hosted import (
    consent,
    device,
    identifier_first,
    login,
    organization,
    passwordless,
    reset_password,
    reset_request,
    resume,
)

ROUTES = (
    *login.ROUTES,
    *identifier_first.ROUTES,
    *organization.ROUTES,
    *passwordless.ROUTES,
    *consent.ROUTES,
    *device.ROUTES,
    *reset_request.ROUTES,
    *reset_password.ROUTES,
    resume.ROUTE,
)
