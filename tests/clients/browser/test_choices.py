"""What a click in the picker does for one login, in a browser without JavaScript."""

import pytest

from helpers.accessibility import assert_accessible


def choose(user, answer):
    user.start_login()
    user.page.get_by_text("Change what a click does").click()
    user.page.get_by_test_id(f"answer-{answer}").check()


def click_alice(user):
    user.page.locator('[data-testid=pick-user][value="auth0|alice"]').click()


def test_claims_are_edited_previewed_and_used(new_user):
    user = new_user(java_script_enabled=False)
    choose(user, "claims")
    click_alice(user)
    editor = user.page.get_by_label("Claims, as JSON")
    assert "alice@acme.example" in editor.input_value()
    editor.fill('{\n  "sub": "auth0|bob"\n}')
    user.page.get_by_test_id("use-claims").click()
    assert "Line 2" in user.page.get_by_test_id("claims-problems").inner_text()
    editor.fill('{"https://acme.example/plan": "gold"}')
    user.page.get_by_test_id("preview-claims").click()
    preview = user.page.get_by_test_id("id-token-preview")
    preview.wait_for()
    assert '"https://acme.example/plan": "gold"' in preview.inner_text()
    user.page.get_by_test_id("use-claims").click()
    assert user.wait_for_subject() == "auth0|alice"


def test_a_login_is_refused_as_blocked(new_user):
    user = new_user(java_script_enabled=False)
    choose(user, "blocked")
    click_alice(user)
    assert user.wait_for_callback()["error"] == "unauthorized"


def test_a_second_factor_needs_one_that_is_enabled(new_user):
    user = new_user(java_script_enabled=False)
    choose(user, "mfa")
    click_alice(user)
    hint = user.page.get_by_test_id("mockidp-hint")
    hint.wait_for()
    assert "guardianFactors" in hint.inner_text()


def open_choice(user):
    choose(user, "blocked")


def open_editor(user):
    choose(user, "claims")
    click_alice(user)
    user.page.get_by_test_id("id-token-preview").wait_for()


def open_editor_after_a_mistake(user):
    open_editor(user)
    user.page.get_by_label("Claims, as JSON").fill('{"sub": 1}')
    user.page.get_by_test_id("preview-claims").click()
    user.page.get_by_test_id("claims-problems").wait_for()


@pytest.mark.parametrize(
    "open_page",
    [open_choice, open_editor, open_editor_after_a_mistake],
    ids=lambda one: one.__name__,
)
def test_a_page_of_a_choice_has_no_violation(new_user, axe, open_page):
    user = new_user()
    open_page(user)
    assert_accessible(user.page, axe)
