"""The bounded cache."""

from sam2_core.caches import ByteLRU


def cache_of(limit: int) -> ByteLRU[str, bytes]:
    return ByteLRU(limit, len)


def test_longest_unused_entry_goes_first() -> None:
    cache = cache_of(10)
    cache.put("a", b"12345")
    cache.put("b", b"12345")
    assert cache.get("a") == b"12345"
    cache.put("c", b"1")
    assert "b" not in cache
    assert "a" in cache
    assert cache.bytes == 6


def test_newest_entry_stays_even_when_too_large() -> None:
    cache = cache_of(3)
    cache.put("a", b"12")
    cache.put("b", b"12345")
    assert len(cache) == 1
    assert cache.get("b") == b"12345"


def test_replacing_counts_once() -> None:
    cache = cache_of(10)
    cache.put("a", b"12345")
    cache.put("a", b"1")
    assert cache.bytes == 1
    cache.clear()
    assert (cache.bytes, len(cache), cache.get("a")) == (0, 0, None)
