"""What a person does at the hosted login: `/u/login`, `/u/consent` and `/authorize/resume`."""

from mockidp.web.ui import consent, login, resume

ROUTES = (*login.ROUTES, *consent.ROUTES, resume.ROUTE)
