"""A carrier's bill is money: whatever is wrong in it refuses all of it, by row and column."""

from __future__ import annotations

import pytest

from payment_service.domain.bill_file import MOST_FAULTS, MOST_ROWS, read_bill
from payment_service.domain.errors import BillUnreadable
from payment_service.testing import cny

HEAD = b"waybill,amount,currency\n"


def faults(content: bytes) -> dict[str, list[str]]:
    with pytest.raises(BillUnreadable) as refused:
        read_bill(content)
    return dict(refused.value.errors)


@pytest.mark.parametrize(
    "content",
    [
        HEAD + b"SW1,19.90,CNY\nSW2,5,CNY\n",
        b"\xef\xbb\xbf" + HEAD + b"SW1,19.90,CNY\r\n\r\nSW2,5.00,CNY",
        b'Currency,"Waybill",amount\r\nCNY,"SW1", 19.90 \r\nCNY,SW2,5.0\r\n',
    ],
)
def test_row_63_a_bill_is_read_as_spreadsheets_write_it(content: bytes) -> None:
    lines = read_bill(content)

    assert [(one.waybill, one.amount) for one in lines] == [
        ("SW1", cny("19.90")),
        ("SW2", cny("5.00")),
    ]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", "rows.1"),
        (b"waybill,amount\nSW1,1.00\n", "rows.1"),
        (b"waybill,amount,currency,note\nSW1,1.00,CNY,x\n", "rows.1"),
        (b"waybill,amount,amount\nSW1,1.00,1.00\n", "rows.1"),
        ("运单,amount,currency\n".encode("gbk"), "rows.1.waybill"),
        (HEAD, "rows.2.waybill"),
        (HEAD + b"SW1,1.00,CNY\n" + "运".encode("gbk") + b",1.00,CNY\n", "rows.3.waybill"),
        (HEAD + b"SW1,1.00\xff,CNY\n", "rows.2.amount"),
        (HEAD + b"SW1,1.00,C\x00Y\n", "rows.2.currency"),
        (HEAD + b'"SW1,1.00,CNY\nSW2,1.00,CNY\n', "rows.2"),
        (HEAD + b"SW1,1.00\n", "rows.2"),
        (HEAD + b"=1+1,1.00,CNY\n", "rows.2.waybill"),
        (HEAD + b"SW1,@SUM(A1),CNY\n", "rows.2.amount"),
        (HEAD + b"SW1,-1.00,CNY\n", "rows.2.amount"),
        (HEAD + b"SW1,0.00,CNY\n", "rows.2.amount"),
        (HEAD + b"SW1,1.001,CNY\n", "rows.2.amount"),
        (HEAD + b"SW1,1e3,CNY\n", "rows.2.amount"),
        (HEAD + b"SW1,NaN,CNY\n", "rows.2.amount"),
        (HEAD + b"SW1,9999999999999999,CNY\n", "rows.2.amount"),
        (HEAD + b"SW1,2000000000.01,CNY\n", "rows.2.amount"),  # the sum must stay an amount too
        (HEAD + "SW1,１.00,CNY\n".encode(), "rows.2.amount"),
        (HEAD + b'SW1,"1,000.00",CNY\n', "rows.2.amount"),
        (HEAD + b"SW1,1.00,XXX\n", "rows.2.currency"),
        (HEAD + b"SW1,1.00,CNY\nSW2,1.00,USD\n", "rows.3.currency"),
        (HEAD + b"SW 1,1.00,CNY\n", "rows.2.waybill"),
        (HEAD + b",1.00,CNY\n", "rows.2.waybill"),
        (HEAD + b"SW1,1.00,CNY\n\nSW1,1.00,CNY\n", "rows.4.waybill"),
    ],
)
def test_row_63_what_is_wrong_in_a_bill_is_told_by_row_and_column(
    content: bytes, where: str
) -> None:
    assert list(faults(content)) == [where]


def test_row_63_a_bill_has_so_many_rows_at_most() -> None:
    rows = b"".join(b"SW%d,1.00,CNY\n" % number for number in range(MOST_ROWS + 1))

    assert list(faults(HEAD + rows)) == [f"rows.{MOST_ROWS + 2}"]
    assert len(read_bill(HEAD + rows[: rows[:-1].rindex(b"\n") + 1])) == MOST_ROWS


def test_row_63_every_wrong_cell_is_told_up_to_a_measure() -> None:
    assert set(faults(HEAD + b"SW1,x,CNY\nSW2,1.00,YEN\n")) == {"rows.2.amount", "rows.3.currency"}
    assert len(faults(HEAD + b"SW1,x,CNY\n" * (MOST_FAULTS + 9))) == MOST_FAULTS
