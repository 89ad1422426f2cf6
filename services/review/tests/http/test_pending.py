"""What people may review, and who is told."""

import base64

import pytest

from review_service.testing import Board, a_product, ann, bob, completed, confirmed, received

DAY_S = 24 * 3600


def test_row_103_a_received_line_may_be_reviewed(board: Board) -> None:
    board.hears(a_product("sku-1", "sku-2"), confirmed("sku-1", "sku-2"), received("2"))

    assert board.page() == {
        "items": [
            {
                "order_id": "o-1",
                "order_line_id": "2",
                "sku_id": "sku-2",
                "product_id": "p-mug",
                "merchant_id": "m-mei",
                "received_at": "2026-11-22T08:00:00Z",
                "closes_at": None,
            }
        ],
        "next_cursor": None,
    }
    assert board.pending(by=bob) == []


def test_f5_reviewing_ends_thirty_days_after_completion(board: Board) -> None:
    board.hears(a_product("sku-1"), confirmed("sku-1"), received("1"), completed())
    assert board.page()["items"][0]["closes_at"] == "2026-12-22T08:00:00Z"

    board.bench.advance(30 * DAY_S - 1)
    assert board.pending() == [("o-1", "1")]

    board.bench.advance(1)
    assert board.pending() == []
    assert board.problems() == []


def test_pages_show_every_line_once_the_newest_order_first(board: Board) -> None:
    board.hears(a_product("sku-1", "sku-2"))
    for number in range(3):
        order_id = f"o-{number}"
        board.hears(
            confirmed("sku-1", "sku-2", order_id=order_id), received("1", "2", order_id=order_id)
        )

    first = board.page(limit=4)
    second = board.page(limit=4, cursor=first["next_cursor"])

    shown = [(one["order_id"], one["order_line_id"]) for one in first["items"] + second["items"]]
    assert shown == [(f"o-{order}", line) for order in (2, 1, 0) for line in ("2", "1")]
    assert second["next_cursor"] is None


def cursor(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode()


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": "many"},
        {"cursor": "?"},
        {"cursor": cursor(b'["o-1"]')},
        {"cursor": cursor(b'["o-1", 1]')},
        {"more": "1"},
    ],
)
def test_a_question_that_is_none_names_its_field(
    quick_board: Board, query: dict[str, object]
) -> None:
    answer = quick_board.bench.client(ann).get("/reviews/pending", query_string=query)

    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == set(query)


def test_only_shoppers_have_something_to_review(quick_board: Board) -> None:
    assert quick_board.bench.client().get("/reviews/pending").status_code == 401
