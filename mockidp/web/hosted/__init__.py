"""The pages of the hosted login: `/u/login`, `/u/consent` and `/authorize/resume`."""

from mockidp.web.hosted import consent, identifier_first, login, resume

ROUTES = (*login.ROUTES, *identifier_first.ROUTES, *consent.ROUTES, resume.ROUTE)
