"""The pages, as JSON."""

from authlib.common.errors import AuthlibBaseError
from flask import redirect, url_for


class Pages:
    """The routes of the pages."""

    def __init__(self, app, login):
        self._login = login
        app.add_url_rule("/", endpoint="home", view_func=self.home)
        app.add_url_rule("/profile", view_func=self.profile)
        app.add_url_rule("/orders", view_func=self.orders)

    def home(self):
        """Greet the user."""
        current = self._login.current
        return {"hello": current.user["name"] if current else None}

    def profile(self):
        """Show the profile of the user."""
        current = self._login.current
        return current.user if current else redirect(url_for("begin", next="/profile"))

    def orders(self):
        """Show the orders from the API. A user without a valid token has to log in again."""
        if self._login.current is None:
            return redirect(url_for("begin", next="/orders"))
        try:
            answer = self._login.get(url_for("orders_of_the_api", _external=True))
        except AuthlibBaseError as error:
            return {"error": error.error, "error_description": error.description}, 401
        return answer.json(), answer.status_code
