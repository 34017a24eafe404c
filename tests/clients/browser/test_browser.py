"""A real browser logs in through the page, against a real `mockidp serve`."""

PASSWORD = "Passw0rd!"


def test_a_person_logs_in_with_a_password(person):
    person.asks_to_log_in()
    assert person.is_at_the_login_page()
    person.types("alice@acme.example", PASSWORD)
    assert person.arrives_as() == "auth0|alice"


def test_a_person_logs_in_with_the_keyboard_alone(person):
    person.asks_to_log_in()
    person.page.locator("#username:focus").wait_for()
    person.page.keyboard.type("bob@acme.example")
    person.page.keyboard.press("Tab")
    person.page.keyboard.type(PASSWORD)
    person.page.keyboard.press("Enter")
    assert person.arrives_as() == "auth0|bob"


def test_a_wrong_password_is_told_and_the_right_one_accepted(person):
    person.asks_to_log_in()
    person.types("alice@acme.example", "wrong")
    assert "Wrong" in person.page.get_by_role("alert").inner_text()
    assert person.application.received == []
    assert person.page.get_by_label("Email address").input_value() == "alice@acme.example"
    person.types("alice@acme.example", PASSWORD)
    assert person.arrives_as() == "auth0|alice"


def test_a_user_is_picked_with_one_click(person):
    person.asks_to_log_in()
    person.page.get_by_role("button", name="bob@acme.example").click()
    assert person.arrives_as() == "auth0|bob"


def test_denying_returns_to_the_application_with_an_error(person):
    person.asks_to_log_in()
    person.page.get_by_role("button", name="Deny").click()
    assert person.arrives()["error"] == "access_denied"


def test_a_login_hint_fills_the_username(person):
    person.asks_to_log_in(login_hint="alice@acme.example")
    assert person.page.get_by_label("Email address").input_value() == "alice@acme.example"


def test_the_second_login_shows_no_page(person):
    person.asks_to_log_in()
    person.types("alice@acme.example", PASSWORD)
    assert person.arrives_as() == "auth0|alice"
    person.asks_to_log_in(prompt="none")
    assert person.arrives_as() == "auth0|alice"
    person.asks_to_log_in()
    assert person.arrives_as() == "auth0|alice"


def test_another_browser_is_not_logged_in(person, sit_down):
    person.asks_to_log_in()
    person.types("alice@acme.example", PASSWORD)
    person.arrives()
    stranger = sit_down()
    stranger.asks_to_log_in(prompt="none")
    assert stranger.arrives()["error"] == "login_required"


def test_prompt_login_shows_the_page_again(person):
    person.asks_to_log_in()
    person.types("alice@acme.example", PASSWORD)
    person.arrives()
    person.asks_to_log_in(prompt="login")
    assert person.is_at_the_login_page()
    person.types("bob@acme.example", PASSWORD)
    assert person.arrives_as() == "auth0|bob"


def test_form_post_brings_the_code_in_a_form(person):
    person.asks_to_log_in(response_mode="form_post")
    person.types("alice@acme.example", PASSWORD)
    assert person.arrives_as("POST") == "auth0|alice"


def test_without_javascript_a_person_logs_in(sit_down):
    person = sit_down(java_script_enabled=False)
    person.asks_to_log_in()
    person.types("alice@acme.example", PASSWORD)
    assert person.arrives_as() == "auth0|alice"


def test_without_javascript_form_post_takes_one_more_click(sit_down):
    person = sit_down(java_script_enabled=False)
    person.asks_to_log_in(response_mode="form_post")
    person.page.get_by_role("button", name="alice@acme.example").click()
    person.page.get_by_role("heading", name="Returning to the application").wait_for()
    person.page.get_by_role("button", name="Continue").click()
    assert person.arrives_as("POST") == "auth0|alice"


def test_the_login_works_over_https(sit_down):
    person = sit_down(ignore_https_errors=True)
    person.asks_to_log_in(at=person.server.tls_url)
    person.types("alice@acme.example", PASSWORD)
    assert "code" in person.arrives()
    person.asks_to_log_in(at=person.server.tls_url, prompt="none")
    assert "code" in person.arrives()


def test_a_wrong_callback_is_told_on_a_page_and_never_visited(person):
    response = person.asks_to_log_in(redirect_uri="http://localhost:3000/elsewhere")
    assert response.status == 403
    assert "Callback URL mismatch" in person.page.locator(".error-status").inner_text()
    assert "Mockidp-Hint" in person.page.locator("main").inner_text()


def test_the_page_is_whole_with_nothing_loaded(person):
    errors = []
    person.page.on("console", lambda message: errors.append(message.text))
    person.page.on("requestfailed", lambda request: errors.append(request.url))
    person.asks_to_log_in()
    person.page.wait_for_load_state("networkidle")
    assert errors == []
    assert "mock identity provider" in person.page.get_by_role("banner").inner_text()


def test_consent_is_declined_or_accepted_and_then_remembered(
    server_that_asks_for_consent, sit_down
):
    person = sit_down(server_that_asks_for_consent)
    person.asks_to_log_in()
    person.types("alice@acme.example", PASSWORD)
    person.page.get_by_role("button", name="Decline").click()
    assert person.arrives()["error"] == "access_denied"
    person.asks_to_log_in()
    person.page.get_by_role("button", name="Accept").click()
    assert person.arrives_as() == "auth0|alice"
    person.asks_to_log_in(prompt="none")
    assert person.arrives_as() == "auth0|alice"


def test_logging_out_is_confirmed_and_ends_the_session(person):
    person.asks_to_log_in()
    person.types("alice@acme.example", PASSWORD)
    person.arrives()
    person.page.goto(f"{person.server.url}/oidc/logout")
    person.page.get_by_role("button", name="Log out").click()
    person.page.get_by_role("heading", name="You are logged out").wait_for()
    person.asks_to_log_in(prompt="none")
    assert person.arrives()["error"] == "login_required"


def test_a_page_left_behind_by_a_finished_login_says_so(person):
    person.asks_to_log_in()
    left_behind = person.page.url
    person.types("alice@acme.example", PASSWORD)
    person.arrives()
    assert person.page.goto(left_behind).status == 400
    assert "pressed the back button" in person.page.locator(".error-status").inner_text()
