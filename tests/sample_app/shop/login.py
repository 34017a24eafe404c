"""Login with the authorization code flow, PKCE and nonce; refresh; logout."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import abort, redirect, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException

from shop.sessions import PatientOAuth2Session

SCOPE = "openid profile email offline_access read:orders"


@dataclass
class LoggedIn:
    """Somebody who is logged in. Tokens do not fit into a cookie, so they stay here."""

    user: dict
    token: dict


class IdpClient(FlaskOAuth2App):
    """Authlib's client, which checks state, nonce and ID token."""

    client_cls = PatientOAuth2Session


class Login:
    """Who is logged in, and how one gets there."""

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
        app.add_url_rule("/support/<path:wanted>", view_func=self.support, methods=["POST"])
        app.add_url_rule("/logout", view_func=self.logout)

    @property
    def current(self):
        """Who is logged in, or None."""
        return self._logged_in.get(session.get("login"))

    def begin(self):
        """Send the browser to the identity provider; `next` is where it wants to go after."""
        state = _make_state(request.args.get("next", "/"))
        return self.idp.authorize_redirect(url_for("callback", _external=True), state=state)

    def callback(self):
        """Take what the identity provider sends back."""
        try:
            token = self.idp.authorize_access_token(
                claims_options={
                    "iss": {"essential": True, "value": self._config["ISSUER"]},
                    "aud": {"essential": True, "value": self._config["CLIENT_ID"]},
                },
                leeway=self._parts.leeway,
            )
            # There is no ID token to trust where a login began without a nonce: see `support`.
            user = token.get("userinfo") or self.idp.userinfo(token=token)
        except (AuthlibBaseError, JoseError, RequestException, ValueError) as error:
            return f"Login failed: {error}", 400
        session.clear()
        session["login"] = secrets.token_urlsafe()
        self._logged_in[session["login"]] = LoggedIn(user, token)
        return redirect(self._parts.return_path(_wanted_path(request.args.get("state", ""))))

    def support(self, wanted):
        """Give a state for an impersonation link that this browser, and no other, may open."""
        if self.current is None or self.current.user["sub"] not in self._config["SUPPORT"]:
            abort(403)
        state = _make_state(f"/{wanted}")
        callback = url_for("callback", _external=True)
        self.idp.save_authorize_data(state=state, redirect_uri=callback)
        return {"state": state, "callback_url": callback}

    def logout(self):
        """Forget the user, here and at the identity provider."""
        self._logged_in.pop(session.get("login"), None)
        session.clear()
        query = {
            "client_id": self._config["CLIENT_ID"],
            "returnTo": url_for("home", _external=True),
        }
        return redirect(f"{self._config['ISSUER']}v2/logout?{urlencode(query)}")

    def get(self, url):
        """Call an API for the user; a token that has expired is refreshed on the way."""
        return self.idp.get(url, token=self.current.token)

    def _keep(self, token, **_):
        self.current.token = self._parts.refreshed(self.current.token, token)


def refreshed(old, new):
    """Return the tokens after a refresh; a refresh token is good for one use."""
    return {**old, **new}


def local_path(wanted):
    """Return a path of this app, whatever is wanted; to a browser `//host` is another site."""
    is_path = wanted.startswith("/") and not wanted.startswith("//")
    return wanted if is_path and "\\" not in wanted and wanted.isprintable() else "/"


def _make_state(wanted):
    return f"{secrets.token_urlsafe()}.{wanted}"


def _wanted_path(state):
    return state.partition(".")[2]
