"""How many objects go through the model together."""

PADDED_FROM = 0.75  # share of a bucket that must be real objects; below, the next smaller bucket and another follow


def buckets(count: int, limit: int) -> list[tuple[int, int]]:
    """Parts of `count` objects as (objects, size of the batch): sizes are powers of two up to `limit`, so that few
    shapes occur and each can be recorded; a batch larger than its objects is padded.
    """
    largest = 1 << (limit.bit_length() - 1)
    parts = []
    while count:
        size = min(1 << (count - 1).bit_length(), largest)
        if count < size * PADDED_FROM:
            size //= 2
        parts.append((min(count, size), size))
        count -= parts[-1][0]
    return parts


def slices(count: int, limit: int) -> list[tuple[int, int]]:
    """Parts of `count` objects as they are, `limit` at a time."""
    return [(min(limit, count - first),) * 2 for first in range(0, count, limit)]
