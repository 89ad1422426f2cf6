"""Row 109: an approval is of what buyers see, and of nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from catalog_service.domain.product import Product, Sku, Status, published
from catalog_service.domain.review import digest_of, is_approved, reviewed
from shop_events import Money

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BLUE = Sku(id="1", code="BLUE", options={"colour": "blue"}, price=Money.of("19.90", "CNY"))
WHITE = Sku(id="2", code="WHITE", options={"colour": "white"}, price=Money.of("17.90", "CNY"))
MUG = Product(
    id="mug",
    merchant_id="m-mei",
    created_at=NOW,
    changed_at=NOW,
    category_path=("home", "cups"),
    titles={"en": "Mug"},
    images=("a", "b"),
    skus=(BLUE, WHITE),
)
APPROVED = replace(MUG, approved=digest_of(MUG))


@pytest.mark.parametrize(
    "said",
    [
        {"titles": {"en": "Brand mug"}},
        {"descriptions": {"en": "Mug"}},
        {"brand": "Mug"},
        {"attributes": {"en": "Mug"}},
        {"images": ("b", "a")},
        {"category_path": ("home",)},
        {"skus": (replace(BLUE, options={"colour": "genuine"}), WHITE)},
        {"skus": (replace(BLUE, image="c"), WHITE)},
        {"skus": (replace(BLUE, barcode="690"), WHITE)},
        {"skus": (BLUE, WHITE, replace(BLUE, id="3"))},
    ],
)
def test_what_buyers_see_is_approved_anew(said: dict[str, Any]) -> None:
    assert not is_approved(replace(APPROVED, **said))


@pytest.mark.parametrize(
    "said",
    [
        {"skus": (replace(BLUE, price=Money.of("1.00", "CNY"), weight_g=9), WHITE)},
        {"skus": (WHITE, replace(BLUE, active=False))},
        {"category_path": ("home", "kitchen", "cups")},  # an admin moved it
        {"sales": 7, "version": 9},
    ],
)
def test_prices_stock_and_moved_categories_need_no_approval(said: dict[str, Any]) -> None:
    assert is_approved(replace(APPROVED, **said))


def test_whatever_is_asked_nothing_is_up_that_nobody_approved() -> None:
    hours = (None, NOW - timedelta(1), NOW + timedelta(1))
    approvals = (None, "another", APPROVED.approved)
    for was, status, approved, hour in product(Status, Status, approvals, hours):
        before = replace(MUG, status=was, brand="Mug", published_at=NOW - timedelta(9))
        asked = replace(MUG, status=status, approved=approved, publish_at=hour)

        done = reviewed(before, asked, NOW)

        assert done.status is not Status.PUBLISHED or is_approved(done)
        assert (done.status is Status.IN_REVIEW) == (done.review_since is not None)
        assert reviewed(before, done, NOW) == done


def test_what_is_up_was_not_refused() -> None:
    assert published(replace(MUG, sent_back="Whose logo is that?"), NOW).sent_back is None
