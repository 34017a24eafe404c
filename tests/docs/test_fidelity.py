"""docs/fidelity.md names only existing settings, and every endpoint that is not implemented."""

import re
from pathlib import Path

import pytest

from mockidp.flows.token import GRANTS, UNSUPPORTED_GRANTS
from mockidp.tenant.content.overrides import setting_names
from mockidp.web.endpoints import unmatched

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "fidelity.md").read_text()
NOT_YET = TEXT.partition("not implemented yet.")[2]


def _rows():
    for line in TEXT.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 4 and cells[0] != "behavior":
            yield cells


def test_each_row_has_evidence():
    without_evidence = [row for row in _rows() if not re.search(r"\b(R|D|I|U|ours)\b", row[1])]
    assert without_evidence == []
    assert sum(1 for _ in _rows()) > 100


def test_the_last_column_names_existing_settings():
    named = {name for row in _rows() for name in re.findall(r"`([a-z_.]+)`", row[3])}
    assert named - {"oidc"} <= set(setting_names())


def test_every_setting_of_impersonation_is_listed():
    settings = {name for name in setting_names() if name.startswith("impersonation.")}
    assert [name for name in settings if f"`{name}`" not in TEXT] == []


def test_every_setting_for_uncertain_behavior_is_listed():
    certain = {"hosts", "issuer", "login_lifetime", "profile"}
    named = {name for name in setting_names() if f"`{name}`" in TEXT}
    assert set(setting_names()) - certain <= named


@pytest.mark.parametrize("path", sorted({*unmatched.PATHS, *unmatched.PREFIXES}))
def test_every_unimplemented_endpoint_is_listed(path):
    assert f"`{path}`" in NOT_YET


@pytest.mark.parametrize("grant_type", UNSUPPORTED_GRANTS)
def test_every_unimplemented_grant_type_is_listed(grant_type):
    assert f"`{grant_type}`" in NOT_YET


def test_no_implemented_grant_type_is_listed_as_missing():
    assert [grant_type for grant_type in GRANTS if f"`{grant_type}`" in NOT_YET] == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_to_existing_files(page):
    for target in re.findall(r"\]\(([^)#:]+\.md)", page.read_text()):
        assert (page.parent / target).is_file(), target
