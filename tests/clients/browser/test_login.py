"""Logins with a real browser on the login page of a real `mockidp serve`."""

from urllib.parse import urlsplit

from mockidp import RemoteIdP

PASSWORD = "Passw0rd!"


def test_a_user_logs_in_with_a_password(user):
    user.start_login()
    assert user.is_on_login_page()
    user.enter_credentials("alice@acme.example", PASSWORD)
    assert user.wait_for_subject() == "auth0|alice"


def test_a_user_logs_in_with_only_the_keyboard(user):
    user.start_login()
    user.page.locator("#username:focus").wait_for()
    user.page.keyboard.type("bob@acme.example")
    user.page.keyboard.press("Tab")
    user.page.keyboard.type(PASSWORD)
    user.page.keyboard.press("Enter")
    assert user.wait_for_subject() == "auth0|bob"


def test_a_wrong_password_is_reported_and_the_right_one_accepted(user):
    user.start_login()
    user.enter_credentials("alice@acme.example", "wrong")
    assert "Wrong" in user.page.get_by_role("alert").inner_text()
    assert user.application.received == []
    assert user.page.get_by_label("Email address").input_value() == "alice@acme.example"
    user.enter_credentials("alice@acme.example", PASSWORD)
    assert user.wait_for_subject() == "auth0|alice"


def test_a_user_is_picked_with_one_click(user):
    user.start_login()
    user.page.get_by_role("button", name="bob@acme.example").click()
    assert user.wait_for_subject() == "auth0|bob"


def test_denying_returns_to_the_application_with_an_error(user):
    user.start_login()
    user.page.get_by_role("button", name="Deny").click()
    assert user.wait_for_callback()["error"] == "access_denied"


def test_a_login_hint_fills_the_username(user):
    user.start_login(login_hint="alice@acme.example")
    assert user.page.get_by_label("Email address").input_value() == "alice@acme.example"


def test_the_second_login_shows_no_page(user):
    user.start_login()
    user.enter_credentials("alice@acme.example", PASSWORD)
    assert user.wait_for_subject() == "auth0|alice"
    user.start_login(prompt="none")
    assert user.wait_for_subject() == "auth0|alice"
    user.start_login()
    assert user.wait_for_subject() == "auth0|alice"


def test_another_browser_is_not_logged_in(user, new_user):
    user.start_login()
    user.enter_credentials("alice@acme.example", PASSWORD)
    user.wait_for_callback()
    another = new_user()
    another.start_login(prompt="none")
    assert another.wait_for_callback()["error"] == "login_required"


def test_prompt_login_shows_the_page_again(user):
    user.start_login()
    user.enter_credentials("alice@acme.example", PASSWORD)
    user.wait_for_callback()
    user.start_login(prompt="login")
    assert user.is_on_login_page()
    user.enter_credentials("bob@acme.example", PASSWORD)
    assert user.wait_for_subject() == "auth0|bob"


def test_form_post_sends_the_code_in_a_form(user):
    user.start_login(response_mode="form_post")
    user.enter_credentials("alice@acme.example", PASSWORD)
    assert user.wait_for_subject("POST") == "auth0|alice"


def test_a_user_logs_in_without_javascript(new_user):
    user = new_user(java_script_enabled=False)
    user.start_login()
    user.enter_credentials("alice@acme.example", PASSWORD)
    assert user.wait_for_subject() == "auth0|alice"


def test_form_post_without_javascript_needs_one_more_click(new_user):
    user = new_user(java_script_enabled=False)
    user.start_login(response_mode="form_post")
    user.page.get_by_role("button", name="alice@acme.example").click()
    user.page.get_by_role("heading", name="Returning to the application").wait_for()
    user.page.get_by_role("button", name="Continue").click()
    assert user.wait_for_subject("POST") == "auth0|alice"


def test_the_login_works_over_https(new_user):
    user = new_user(ignore_https_errors=True)
    user.start_login(at=user.server.tls_url)
    user.enter_credentials("alice@acme.example", PASSWORD)
    assert "code" in user.wait_for_callback()
    user.start_login(at=user.server.tls_url, prompt="none")
    assert "code" in user.wait_for_callback()


def test_a_wrong_callback_is_shown_on_a_page_and_not_visited(user):
    response = user.start_login(redirect_uri="http://localhost:3000/elsewhere")
    assert response.status == 403
    assert "Callback URL mismatch" in user.page.locator(".error-status").inner_text()
    assert "Mockidp-Hint" in user.page.locator("main").inner_text()


def test_the_page_loads_nothing_else(user):
    errors = []
    user.page.on("console", lambda message: errors.append(message.text))
    user.page.on("requestfailed", lambda request: errors.append(request.url))
    user.start_login()
    user.page.wait_for_load_state("networkidle")
    assert errors == []
    assert "mock identity provider" in user.page.get_by_role("banner").inner_text()


def test_consent_can_be_declined_or_accepted_and_is_remembered(server_with_consent, new_user):
    user = new_user(server_with_consent)
    user.start_login()
    user.enter_credentials("alice@acme.example", PASSWORD)
    user.page.get_by_role("button", name="Decline").click()
    assert user.wait_for_callback()["error"] == "access_denied"
    user.start_login()
    user.page.get_by_role("button", name="Accept").click()
    assert user.wait_for_subject() == "auth0|alice"
    user.start_login(prompt="none")
    assert user.wait_for_subject() == "auth0|alice"


def test_a_logout_is_confirmed_and_ends_the_session(user):
    user.start_login()
    user.enter_credentials("alice@acme.example", PASSWORD)
    user.wait_for_callback()
    user.page.goto(f"{user.server.url}/oidc/logout")
    user.page.get_by_role("button", name="Yes").click()
    user.page.get_by_role("heading", name="You are logged out").wait_for()
    user.start_login(prompt="none")
    assert user.wait_for_callback()["error"] == "login_required"


def test_the_page_of_a_finished_login_explains_itself(user):
    user.start_login()
    login_url = user.page.url
    user.enter_credentials("alice@acme.example", PASSWORD)
    user.wait_for_callback()
    assert user.page.goto(login_url).status == 400
    assert "pressed the back button" in user.page.locator(".error-status").inner_text()


def test_a_passwordless_user_logs_in_with_the_code(user):
    idp = RemoteIdP(user.server.url)
    idp.add_connection("email", strategy="email")
    user.start_login(connection="email")
    user.page.get_by_label("Email address").fill("new@acme.example")
    user.page.get_by_role("button", name="Continue").click()
    user.page.get_by_role("heading", name="Verify Your Identity").wait_for()
    assert urlsplit(user.page.url).path == "/u/login/passwordless-email-challenge"
    user.page.get_by_label("Enter the code").fill("0")
    user.page.keyboard.press("Enter")
    error = user.page.locator("#error-element-code")
    assert error.inner_text() == "The code you entered is invalid"
    user.page.get_by_role("button", name="Resend").click()
    error.wait_for(state="detached")
    user.page.locator("#code").fill(idp.outbox.last(to="new@acme.example").code)
    user.page.keyboard.press("Enter")
    assert user.wait_for_subject().startswith("email|")
    idp.remove_connection("email")
