"""The hint for a link whose query was changed."""

import pytest

ORIGIN = "http://localhost:9400"
STATE_HINT = "Put the target into `additionalParameters.state` instead."


def test_an_added_parameter(refuse):
    named, hint = refuse(lambda link: link + "&next=/admin")
    assert named == ["parameter_added"]
    assert hint == f"Query parameter `next` was added after the link was signed. {STATE_HINT}"


def test_added_parameters_are_all_named(refuse):
    named, hint = refuse(lambda link: link + "&next=/admin&bewildered=x&next=/b")
    assert named == ["parameter_added"]
    assert hint == (
        f"Query parameters `next`, `bewildered` were added after the link was signed. {STATE_HINT}"
    )


def test_only_the_first_of_many_parameters_are_named(refuse):
    _, hint = refuse(lambda link: link + "".join(f"&p{n}=1" for n in range(12)))
    assert "`p0`, `p1`, `p2`, `p3`, `p4` and 7 more were added" in hint


def test_an_added_parameter_before_the_bewit(refuse):
    named, hint = refuse(lambda link: link.replace("?&", "?next=/a&&"))
    assert named == ["parameter_added"]
    assert "`next` was added" in hint


def test_a_parameter_in_place_of_the_empty_one(refuse):
    named, hint = refuse(lambda link: link.replace("?&", "?next=/a&"))
    assert named == ["parameter_added", "query_normalized"]
    assert "`next` was added" in hint
    assert (
        "The query was `?&bewit=...` when it was signed, and is now `?next=/a&bewit=...`." in hint
    )


@pytest.mark.parametrize(
    ("after", "shown"),
    [("?bewit=", "?bewit=..."), ("?&&bewit=", "?&&bewit=..."), ("???bewit=", "???bewit=...")],
)
def test_a_normalized_empty_parameter(refuse, after, shown):
    named, hint = refuse(lambda link: link.replace("?&bewit=", after))
    assert named == (["query_normalized"])
    assert f"when it was signed, and is now `{shown}`. Keep the `&` before `bewit`" in hint


def test_hawk_accepts_a_second_question_mark_as_separator(http, callback_of, causes):
    link = http.link().replace("?&bewit=", "??bewit=")
    assert causes(http, link + "&x=1") == ["parameter_added"]
    callback_of(http.get(link))


def test_an_empty_parameter_at_the_end(refuse):
    named, hint = refuse(lambda link: link + "&", words="Unauthorized")
    assert named == ["query_normalized"]
    assert "is now `?&bewit=...&`." in hint
    assert "add none after it" in hint


def test_a_duplicate_bewit(refuse):
    named, hint = refuse(lambda link: link + "&" + link.partition("&")[2])
    assert named == ["parameter_duplicated"]
    assert "`bewit` occurs 2 times" in hint


def test_a_second_malformed_bewit(refuse):
    named, hint = refuse(
        lambda link: link + "&bewit=garbage", words="Invalid bewit structure", status=400
    )
    assert named == ["parameter_duplicated"]
    assert "`bewit` occurs 2 times" in hint


def test_a_dropped_question_mark(refuse):
    named, hint = refuse(lambda link: link.replace("?&", "&"))
    assert named == ["question_mark"]
    assert "The `?` before `&bewit=` was dropped" in hint


@pytest.mark.parametrize("mark", ["%3F", "%3f"])
def test_an_escaped_question_mark(refuse, mark):
    named, hint = refuse(lambda link: link.replace("?&", f"{mark}&"))
    assert named == ["question_mark"]
    assert f"The `?` before `&bewit=` became `{mark}`" in hint


def test_several_differences_are_all_named(refuse):
    def alter(link):
        link = link.replace(ORIGIN, "http://127.0.0.1:9400").replace("%7C", "|")
        return link.replace("?&", "?") + "&next=/a"

    named, hint = refuse(alter)
    assert named == ["origin", "path_normalized", "parameter_added", "query_normalized"]
    parts = ("127.0.0.1", "In the path, `%7C`", "`next` was added", "`?bewit=...&next=/a`")
    assert sorted(parts, key=hint.index) == list(parts)
