"""A file is read the same, in whatever pieces it comes and from whatever row on."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_service.domain.csv_file import lines_of, records

CELL = st.text(st.sampled_from('ab,"\n\r 杯'), max_size=6)
ROWS = st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6)


def pieces(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


@settings(max_examples=80, deadline=None)
@given(ROWS, st.integers(1, 9), st.data())
def test_reading_goes_on_where_it_stopped(rows: list, size: int, data: st.DataObject) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
    content = written.getvalue().encode()
    whole = list(records(lines_of(iter(pieces(content, size))), encoding="utf-8", columns=2))

    stop = data.draw(st.integers(0, len(whole)))
    position = sum(one.size for one in whole[:stop])
    rest = lines_of(iter([content[position:]]))

    assert list(records(rest, encoding="utf-8", columns=2)) == whole[stop:]
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert [one.cells for one in whole if one.cells] == kept
    assert not any(one.fault for one in whole)
    assert sum(one.size for one in whole) == len(content)


def test_two_stray_quotes_cost_the_row_they_stand_in() -> None:
    content = b'a,"b\nc,d\ne,f\ng,"h\ni,j\n'

    found = list(records(lines_of(iter([content])), encoding="utf-8", columns=2))

    assert [one.cells for one in found if one.cells] == [("c", "d"), ("e", "f"), ("i", "j")]
    assert len([one for one in found if one.fault]) == 2
