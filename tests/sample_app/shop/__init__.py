"""A small shop: a Flask app with login by Authlib, and an API that verifies tokens with PyJWT."""

from flask import Flask

from shop.api import Api
from shop.bugs import BUGS
from shop.login import Login
from shop.pages import Pages
from shop.parts import Parts


def create_app(config=None, *, bug=None):
    """Return the app.

    Args:
        config: ISSUER, CLIENT_ID, CLIENT_SECRET, AUDIENCE, SECRET_KEY and optionally SUPPORT, the
            users who may log in as others. The default of each is the variable SHOP_ISSUER etc.
        bug: A key of `shop.bugs.BUGS`. Without it, the app is correct.
    """
    app = Flask("shop")
    app.config["SUPPORT"] = ()
    app.config.from_prefixed_env("SHOP")
    app.config.from_mapping(config or {})
    parts = BUGS[bug] if bug else Parts()
    Pages(app, Login(app, parts))
    Api(app, parts)
    return app
