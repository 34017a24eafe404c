"""The copy of a store, in which other threads look up entries while it is read again."""

from helpers.storage_backends import VALUES
from mockidp.storage.redis.copy import StoreCopy
from mockidp.storage.redis.written import Stored


def stored(version, value):
    return Stored(text=f'"{value}"', version=version, position=version, indexes={"value": [value]})


def test_an_entry_is_found_all_the_time_while_the_store_is_read_again():
    copy = StoreCopy(VALUES, str)
    copy.apply([("k", stored(1, "v")), ("gone", stored(2, "v"))], replaced=False)
    found = []

    def look_up():
        by_index = {key for key, _ in copy.find("value", "v")}
        found.append((copy.entry("k").value, by_index, len(copy), copy.keys()))

    def entries():
        for version, key in enumerate(("new", "k", "newer"), 3):
            look_up()
            yield key, stored(version, "v")
        look_up()

    copy.apply(entries(), replaced=True)
    assert found == [("v", {"k", "gone"}, 2, ("k", "gone"))] * 4
    look_up()
    assert found[4] == ("v", {"new", "k", "newer"}, 3, ("new", "k", "newer"))
