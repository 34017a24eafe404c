"""Auth0's Authentication API."""

from mockidp.web.endpoints import (
    accounts,
    authorize,
    certificates,
    device_code,
    documents,
    impersonate,
    logout,
    mfa,
    par,
    passwordless,
    revoke,
    token,
    unmatched,
    userinfo,
)

ROUTES = (
    authorize.ROUTE,
    token.ROUTE,
    revoke.ROUTE,
    par.ROUTE,
    *accounts.ROUTES,
    *passwordless.ROUTES,
    device_code.ROUTE,
    userinfo.ROUTE,
    *documents.ROUTES,
    *certificates.ROUTES,
    *logout.ROUTES,
    *impersonate.ROUTES,
    *mfa.ROUTES,
    unmatched.FAVICON,
)
