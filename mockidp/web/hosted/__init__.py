"""The pages of the hosted login: below `/u/`, and `/authorize/resume`."""

from mockidp.web.hosted import consent, identifier_first, login, organization, resume

ROUTES = (
    *login.ROUTES,
    *identifier_first.ROUTES,
    *organization.ROUTES,
    *consent.ROUTES,
    resume.ROUTE,
)
