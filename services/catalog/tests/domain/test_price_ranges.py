"""Row 21: from what to what things cost."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_service.domain.price_ranges import EDGES, MOST, Range, few_ranges

counts = st.dictionaries(st.integers(0, len(EDGES)), st.integers(1, 5_000))


@settings(max_examples=50)
@given(counts)
def test_row_21_ranges_are_few_hold_everything_once_and_do_not_overlap(
    counted: dict[int, int],
) -> None:
    found = few_ranges(counted)

    assert len(found) == min(MOST, len(counted))
    assert sum(number for _, number in found) == sum(counted.values())
    for (one, _), (following, _) in pairwise(found):
        assert one.high is not None
        assert one.low < one.high < following.low


def test_row_21_the_emptiest_neighbours_are_one_range() -> None:
    found = few_ranges(dict.fromkeys(range(11), 9) | {3: 1, 4: 2})

    assert (Range(200, 499), 3) in found
    assert found[0] == (Range(0, 99), 9)
