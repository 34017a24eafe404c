"""The pages of the hosted login: `/u/login`, `/u/consent` and `/authorize/resume`."""

from mockidp.web.hosted import consent, login, resume

ROUTES = (*login.ROUTES, *consent.ROUTES, resume.ROUTE)
