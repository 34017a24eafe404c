"""Every link and anchor exists, and every page is at most two links away from the README."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
INDEX = ROOT / "docs" / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("benchmarks/*.md")])
SOURCE = "https://github.com/mockidp/mockidp/"
_FENCE = re.compile(r"^(`{3,})\w*\n.*?^\1$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(<?([^)\s>]+)>?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def links_of(page):
    """Yield each link of a page as its text, the file in the repository and the anchor."""
    text = _CODE.sub("", _FENCE.sub("", page.read_text()))
    for link in _LINK.findall(text):
        target, _, anchor = link.partition("#")
        if target.startswith(SOURCE):
            kind, _, path = target.removeprefix(SOURCE).partition("/main/")
            yield link, kind, ROOT / path, anchor
        elif not re.match(r"[a-z]+:", target):
            yield link, "", (page.parent / target if target else page).resolve(), anchor


def anchors_of(page):
    """Return the anchors that GitHub creates for a page's headings."""
    anchors, counts = set(), {}
    for heading in _HEADING.findall(_FENCE.sub("", page.read_text())):
        text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        count = counts.get(slug, 0)
        counts[slug] = count + 1
        anchors.add(f"{slug}-{count}" if count else slug)
    return anchors


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_an_anchor(page):
    broken = []
    for link, _, path, anchor in links_of(page):
        exists = path.exists() and path.resolve().is_relative_to(ROOT)
        if not exists or (anchor and anchor not in anchors_of(path)):
            broken.append(link)
    assert broken == []


def test_every_page_is_at_most_two_links_away_from_the_readme():
    near = {README.resolve(), *(path.resolve() for _, _, path, _ in links_of(README))}
    assert INDEX in near
    reached = set(near)
    for page in near:
        if page.suffix == ".md":
            reached |= {path.resolve() for _, _, path, _ in links_of(page)}
    assert [page for page in PAGES if page.resolve() not in reached] == []


def test_every_how_to_page_is_in_the_index():
    listed = {path.resolve() for _, _, path, _ in links_of(INDEX)}
    pages = [page for page in PAGES if page.parent.name in ("how-to", "reference")]
    assert [page for page in pages if page not in listed] == []


def test_the_readme_works_on_the_package_index():
    text = _FENCE.sub("", README.read_text())
    relative = [one for one in _LINK.findall(text) if not re.match(r"(https?:|#)", one)]
    assert relative == []
    for link, kind, path, _ in links_of(README):
        assert kind in ("blob", "tree", ""), link
        if kind:
            assert (kind == "tree") == path.is_dir(), link
            assert path.exists(), link
