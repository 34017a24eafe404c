"""Login with the authorization code flow, PKCE and nonce; refresh; logout."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import abort, redirect, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException

from shop.sessions import RetryingOAuth2Session

SCOPE = "openid profile email offline_access read:orders"


@dataclass
class LoggedIn:
    """A logged-in user. The tokens are kept on the server, because they do not fit into a cookie."""

    user: dict
    token: dict


class IdpClient(FlaskOAuth2App):
    """Authlib's client, which checks state, nonce and ID token."""

    client_cls = RetryingOAuth2Session


class Login:
    """The routes for login and logout, and the logged-in users."""

    def __init__(self, app, parts):
        self._config, self._parts = app.config, parts
        self._logged_in: dict[str, LoggedIn] = {}
        oauth = OAuth(app)
        oauth.framework_integration_cls = parts.states
        self.idp = oauth.register(
            "idp",
            client_cls=parts.client,
            client_id=app.config["CLIENT_ID"],
            client_secret=app.config["CLIENT_SECRET"],
            server_metadata_url=app.config["ISSUER"] + ".well-known/openid-configuration",
            authorize_params={"audience": app.config["AUDIENCE"]},
            client_kwargs={
                "scope": SCOPE,
                "code_challenge_method": parts.pkce,
                "token_endpoint_auth_method": "client_secret_post",
                "retries": parts.retries,
            },
            update_token=self._keep,
        )
        app.add_url_rule("/login", view_func=self.begin)
        app.add_url_rule("/callback", view_func=self.callback)
        app.add_url_rule("/support/<path:target>", view_func=self.support, methods=["POST"])
        app.add_url_rule("/logout", view_func=self.logout)

    @property
    def current(self):
        """The logged-in user of this browser, or None."""
        return self._logged_in.get(session.get("login"))

    def begin(self):
        """Redirect to the identity provider. `next` is the page after the login."""
        state = _make_state(request.args.get("next", "/"))
        return self.idp.authorize_redirect(url_for("callback", _external=True), state=state)

    def callback(self):
        """Redeem the code, and log the user in."""
        try:
            token = self.idp.authorize_access_token(
                claims_options={
                    "iss": {"essential": True, "value": self._config["ISSUER"]},
                    "aud": {"essential": True, "value": self._config["CLIENT_ID"]},
                },
                leeway=self._parts.leeway,
            )
            # Without a nonce, as in `support`, there is no ID token whose claims Authlib returns.
            user = token.get("userinfo") or self.idp.userinfo(token=token)
        except (AuthlibBaseError, JoseError, RequestException, ValueError) as error:
            return f"Login failed: {error}", 400
        session.clear()
        session["login"] = secrets.token_urlsafe()
        self._logged_in[session["login"]] = LoggedIn(user, token)
        return redirect(self._parts.return_path(_target_of(request.args.get("state", ""))))

    def support(self, target):
        """Return a state for an impersonation link that only this browser may open."""
        if self.current is None or self.current.user["sub"] not in self._config["SUPPORT"]:
            abort(403)
        state = _make_state(f"/{target}")
        callback = url_for("callback", _external=True)
        self.idp.save_authorize_data(state=state, redirect_uri=callback)
        return {"state": state, "callback_url": callback}

    def logout(self):
        """Log the user out, here and at the identity provider."""
        self._logged_in.pop(session.get("login"), None)
        session.clear()
        query = {
            "client_id": self._config["CLIENT_ID"],
            "returnTo": url_for("home", _external=True),
        }
        return redirect(f"{self._config['ISSUER']}v2/logout?{urlencode(query)}")

    def get(self, url):
        """Call an API for the user. An expired token is refreshed first."""
        return self.idp.get(url, token=self.current.token)

    def _keep(self, token, **_):
        self.current.token = self._parts.refreshed(self.current.token, token)


def refreshed(old, new):
    """Return the tokens after a refresh. A refresh token can only be used once."""
    return {**old, **new}


def local_path(target):
    """Return the target if it is a path of this app, else "/". `//host` would be another site."""
    is_path = target.startswith("/") and not target.startswith("//")
    return target if is_path and "\\" not in target and target.isprintable() else "/"


def _make_state(target):
    return f"{secrets.token_urlsafe()}.{target}"


def _target_of(state):
    return state.partition(".")[2]
