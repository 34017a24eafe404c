"""The hint for a bewit that was removed, cut off, padded or changed."""

import base64

import pytest


def test_a_removed_bewit(refuse):
    named, hint = refuse(lambda link: link.partition("&")[0], words="Unauthorized")
    assert named == ["no_bewit"]
    assert "The URL has no query parameter `bewit`" in hint


@pytest.mark.parametrize("after", ["?&Bewit=", "?&xbewit=", "?&bewit%3D", "%3F%26bewit="])
def test_a_renamed_bewit(refuse, after):
    named, hint = refuse(lambda link: link.replace("?&bewit=", after), words="Unauthorized")
    assert named == ["no_bewit"]
    assert "removed, renamed or cut off" in hint


def test_an_emptied_bewit(refuse):
    named, hint = refuse(lambda link: link.partition("=")[0] + "=", words="Empty bewit")
    assert named == ["empty_bewit"]
    assert "Query parameter `bewit` is empty" in hint


def test_a_bewit_cut_off_within_the_link_id(refuse):
    named, hint = refuse(lambda link: link[:-4])
    assert named == ["bewit_truncated"]
    assert "`bewit` was cut off. The link's id in its ext has 29 characters instead of 32." in hint


def test_a_bewit_cut_off_early(refuse):
    named, hint = refuse(lambda link: link[:-100], words="Invalid bewit structure", status=400)
    assert named == ["bewit_structure"]
    assert "`bewit` does not have its four parts. It was cut off or changed." in hint


@pytest.mark.parametrize(
    ("tail", "words", "status"),
    [
        ("=", "Invalid bewit encoding", 400),
        ("%3D", "Invalid bewit encoding", 400),
        (".", "Invalid bewit encoding", 400),
        ("$", "Unauthorized", 401),
    ],
)
def test_a_character_appended_to_the_bewit(refuse, tail, words, status):
    named, hint = refuse(lambda link: link + tail, words=words, status=status)
    assert named == ["bewit_changed"]
    assert hint == f"Text `{tail}` was appended to query parameter `bewit`."


def test_letters_appended_to_the_bewit(refuse):
    named, hint = refuse(lambda link: link + "abcd")
    assert named == ["bewit_appended"]
    assert "`bewit` was appended to. The link's id in its ext has" in hint


def test_an_invalid_character_within_the_bewit(refuse):
    def alter(link):
        return link[:-60] + "+/" + link[-58:]

    named, hint = refuse(alter, words="Invalid bewit encoding", status=400)
    assert named == ["bewit_encoding"]
    assert "`bewit` contains `+/`, which is not base64url" in hint


@pytest.mark.parametrize(
    ("change", "words"),
    [({"exp": "4102444800"}, "Bad mac"), ({"exp": "1000"}, "Access expired")],
)
def test_a_changed_expiry(refuse, change, words, rewrite):
    named, hint = refuse(rewrite(lambda _: change), words=words)
    assert named[-1] == "bewit_changed"
    assert "`bewit` was changed after the link was signed: its exp (1700000123 became " in hint
    assert "after it was made" not in hint


def test_a_changed_mac(refuse, rewrite):
    named, hint = refuse(rewrite(lambda parts: {"mac": parts["mac"][::-1]}))
    assert named == ["bewit_changed"]
    assert hint == "Query parameter `bewit` was changed after the link was signed: its mac."


def test_a_changed_key_id(refuse, rewrite):
    named, hint = refuse(rewrite(lambda _: {"id": "other"}), words="Unknown credentials")
    assert named == ["bewit_changed"]
    assert hint.endswith("its id.")


def test_a_changed_ext(refuse, rewrite):
    named, hint = refuse(rewrite(lambda parts: {"ext": parts["ext"][::-1]}))
    assert named == ["unknown_link"]
    assert "or ext was changed in query parameter `bewit`" in hint


@pytest.mark.parametrize("change", [{"id": ""}, {"exp": "soon"}, {"mac": ""}])
def test_a_missing_part_of_the_bewit(refuse, change, rewrite):
    named, hint = refuse(rewrite(lambda _: change), words="Missing bewit attributes", status=400)
    assert named == ["bewit_attributes"]
    assert "`bewit` does not have an id, a MAC or a number for its expiry" in hint


def test_unused_bits_of_the_base64_encoding_are_ignored(http, callback_of, causes):
    link = http.link()
    used = base64.urlsafe_b64decode(link.rpartition("=")[2] + "==")
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        other = link[:-1] + last
        text = other.rpartition("=")[2]
        if other != link and base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == used:
            assert causes(http, other + "&x=1") == ["parameter_added"]
            callback_of(http.get(other))
            return


def test_a_changed_and_padded_bewit(refuse, rewrite):
    named, hint = refuse(
        lambda link: rewrite(lambda _: {"exp": "4102444800"})(link) + "=",
        words="Invalid bewit encoding",
        status=400,
    )
    assert named == ["bewit_changed"]
    assert hint == "Query parameter `bewit` was changed and is unreadable."
