"""Open the pages of the journal in a browser, in all their states."""


def open_journal_without_matches(user):
    user.page.goto(f"{user.server.url}/_mockidp/journal?q=flow:0")
    user.page.get_by_test_id("nothing").wait_for()


def open_journal(user):
    user.start_login(redirect_uri="http://localhost:3000/elsewhere")
    user.page.locator(".error-status").wait_for()
    user.page.goto(f"{user.server.url}/_mockidp/journal")
    user.page.get_by_test_id("flow-row").first.wait_for()


def open_flow(user):
    user.page.goto(f"{user.server.url}/_mockidp/try/login?audience=https://api.acme.example/")
    user.page.get_by_test_id("pick-user").first.click()
    user.page.goto(f"{user.server.url}/_mockidp/journal?q=grant:authorization_code")
    user.page.get_by_test_id("flow-row").first.click()
    for summary in user.page.locator("main summary").all():
        summary.click()


def open_refused_flow(user):
    open_journal(user)
    user.page.get_by_test_id("flow-row").first.click()
    user.page.get_by_test_id("mockidp-hint").wait_for()


def open_exchange(user):
    open_refused_flow(user)
    user.page.get_by_role("link", name="Raw JSON").first.click()
    user.page.get_by_test_id("raw").wait_for()


JOURNAL_PAGES = [
    open_journal_without_matches,
    open_journal,
    open_flow,
    open_refused_flow,
    open_exchange,
]
