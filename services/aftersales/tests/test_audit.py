"""The auditor finds each thing that must not be."""

import pytest
from sqlalchemy import text

from aftersales_service.testing import Desk, confirmed, received


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("UPDATE order_lines SET quantity = 1", "has 1 units, delivered: 2"),
        ("UPDATE parcel_lines SET line_id = '9'", "which was not ordered"),
        ("UPDATE orders SET confirmed = 0", "is not confirmed"),
        ("INSERT INTO accounts VALUES ('eve', 1); UPDATE orders SET account_id = 'eve'", "erased"),
    ],
)
def test_it_finds_rows_that_contradict_each_other(
    quick_desk: Desk, damage: str, complaint: str
) -> None:
    quick_desk.hears(confirmed({"1": 2}), quick_desk.delivered("p-1", {"1": 2}), received("p-1"))
    assert quick_desk.problems() == []

    with quick_desk.bench.database.begin() as tx:
        for statement in damage.split(";"):
            tx.connection.execute(text(statement))

    (problem,) = quick_desk.problems()
    assert complaint in problem
