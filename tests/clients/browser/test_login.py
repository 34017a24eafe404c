"""What a real browser adds to a login: cookies, forms that are sent by a script, and https."""

PASSWORD = "Passw0rd!"


def test_denying_returns_to_the_application_with_an_error(user):
    user.start_login()
    user.page.get_by_role("button", name="Deny").click()
    assert user.wait_for_callback()["error"] == "access_denied"


def test_the_second_login_shows_no_page(user):
    user.start_login()
    user.enter_credentials("alice@acme.example", PASSWORD)
    assert user.wait_for_subject() == "auth0|alice"
    user.start_login(prompt="none")
    assert user.wait_for_subject() == "auth0|alice"
    user.start_login()
    assert user.wait_for_subject() == "auth0|alice"


def test_form_post_sends_the_code_in_a_form(user):
    user.start_login(response_mode="form_post")
    user.enter_credentials("alice@acme.example", PASSWORD)
    assert user.wait_for_subject("POST") == "auth0|alice"


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


def test_the_page_loads_nothing_else(user):
    errors = []
    user.page.on("console", lambda message: errors.append(message.text))
    user.page.on("requestfailed", lambda request: errors.append(request.url))
    user.start_login()
    user.page.wait_for_load_state("networkidle")
    assert errors == []
    assert "mock identity provider" in user.page.get_by_role("banner").inner_text()


def test_a_logout_is_confirmed_and_ends_the_session(user):
    user.start_login()
    user.enter_credentials("alice@acme.example", PASSWORD)
    user.wait_for_callback()
    user.page.goto(f"{user.server.url}/oidc/logout")
    user.page.get_by_role("button", name="Yes").click()
    user.page.get_by_role("heading", name="You are logged out").wait_for()
    user.start_login(prompt="none")
    assert user.wait_for_callback()["error"] == "login_required"
