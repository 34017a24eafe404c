"""A small shop: a Flask app that logs in with Authlib, and an API that PyJWT guards."""

from flask import Flask

from shop.api import Api
from shop.bugs import BUGS
from shop.login import Login
from shop.pages import Pages
from shop.parts import Parts


def create_app(config=None, *, bug=None):
    """Return the app.

    Args:
        config: ISSUER, CLIENT_ID, CLIENT_SECRET, AUDIENCE, SECRET_KEY and perhaps SUPPORT, the
            users who may log in as others; what is not given comes from SHOP_ISSUER and so on.
        bug: One of `shop.bugs.BUGS` instead of the sound app.
    """
    app = Flask("shop")
    app.config["SUPPORT"] = ()
    app.config.from_prefixed_env("SHOP")
    app.config.from_mapping(config or {})
    parts = BUGS[bug] if bug else Parts()
    Pages(app, Login(app, parts))
    Api(app, parts)
    return app
