"""The auditor finds each thing that must not be."""

import pytest
from sqlalchemy import text

from review_service.testing import Board, a_product, completed, confirmed, received


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("UPDATE orders SET closed = 1", "its line 1 is kept"),
        ("UPDATE orders SET closes_at = '2026-11-22 07:00:00'", "should be closed"),
        (
            "UPDATE orders SET closed = 1, closes_at = NULL; DELETE FROM order_lines",
            "without having been completed",
        ),
        ("INSERT INTO accounts VALUES ('eve', 1); UPDATE orders SET account_id = 'eve'", "erased"),
    ],
)
def test_it_finds_rows_that_contradict_each_other(
    quick_board: Board, damage: str, complaint: str
) -> None:
    quick_board.hears(a_product("sku-1"), confirmed("sku-1"), received("1"), completed())
    assert quick_board.problems() == []

    with quick_board.bench.database.begin() as tx:
        for statement in damage.split(";"):
            tx.connection.execute(text(statement))

    (problem,) = quick_board.problems()
    assert complaint in problem
