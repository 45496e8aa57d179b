"""What a process keeps of large inputs is bounded by their bytes."""

from project.api.exercises.bounded_cache import BoundedCache


def test_what_was_not_used_for_longest_goes_first():
    cache = BoundedCache(10)
    for key in "abc":
        cache.add(key, key.encode() * 3)
    assert cache.get("a") == b"aaa"
    cache.add("d", b"dddd")
    assert [cache.get(key) for key in "abcd"] == [b"aaa", None, b"ccc", b"dddd"]


def test_what_is_larger_than_all_together_is_not_kept():
    cache = BoundedCache(3)
    cache.add("a", b"aaa")
    cache.add("b", b"bbbb")
    assert (cache.get("a"), cache.get("b")) == (b"aaa", None)


def test_what_is_kept_twice_counts_once():
    cache = BoundedCache(6)
    for _ in range(3):
        cache.add("a", b"aaa")
    cache.add("b", b"bbb")
    assert (cache.get("a"), cache.get("b")) == (b"aaa", b"bbb")
