"""A cache whose size is bounded."""

from project.api.bounded_cache import BoundedCache


def test_the_least_recently_used_value_is_dropped_first():
    cache = BoundedCache(10, len)
    for key in "abc":
        cache.add(key, key.encode() * 3)
    assert cache.get("a") == b"aaa"
    cache.add("d", b"dddd")
    assert [cache.get(key) for key in "abcd"] == [b"aaa", None, b"ccc", b"dddd"]


def test_a_value_larger_than_the_cache_is_not_cached():
    cache = BoundedCache(3, len)
    cache.add("a", b"aaa")
    cache.add("b", b"bbbb")
    assert (cache.get("a"), cache.get("b")) == (b"aaa", None)


def test_a_value_that_is_added_twice_counts_once():
    cache = BoundedCache(6, len)
    for _ in range(3):
        cache.add("a", b"aaa")
    cache.add("b", b"bbb")
    assert (cache.get("a"), cache.get("b")) == (b"aaa", b"bbb")
