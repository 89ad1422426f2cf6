"""The checker has a sentence for each copy that is not as its source, and for each service's books.

Services show in tests of their own that each of their rules is looked at; notification's are here.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from shop_events import ManualClock
from shop_suite.audit.copies import COPIES
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.chaos.newcomers import Silent
from shop_suite.demo import Town
from shop_suite.first_purchase import FirstPurchase
from shop_suite.town.opening import open_corner_shop
from tests.faults.registered import MUG
from tests.faults.spoiling import looked_through, one, spoil

pytestmark = pytest.mark.faults

MUGS = 60

# Whose copy of what: how a row of it is spoilt, and words of the sentence that must come.
COPIES_SPOILT = {
    ("cart", "version of the product"): ("UPDATE products SET version = version + 1", "to cart"),
    ("order", "version of the product"): ("DELETE FROM known_products", "order does not know of"),
    ("review", "version of the product"): ("UPDATE products SET version = 0", "0,. to review"),
    ("cart", "price of"): (f"UPDATE skus SET price = 1 WHERE {one('skus')}", "1. to cart"),
    ("order", "price of"): (
        f"DELETE FROM known_skus WHERE {one('known_skus')}",
        "order does not know of the price",
    ),
    ("catalog", "stock of"): (
        f"UPDATE stock SET version = version + 1 WHERE {one('stock', 'version > 0')}",
        "to catalog",
    ),
    ("cart", "stock of"): (
        f"UPDATE stock_levels SET available = available + 1 WHERE {one('stock_levels')}",
        "to cart",
    ),
    ("catalog", "merchant"): ("UPDATE merchants SET version = 9", "9,. to catalog"),
    ("order", "merchant"): (
        "INSERT INTO known_merchants SELECT 'm-x', version, sells FROM known_merchants LIMIT 1",
        "order knows of the merchant m-x, and account does not",
    ),
    ("catalog", "delivery rates of"): (
        "DELETE FROM delivery_rates",
        "catalog does not know of the delivery rates of default",
    ),
    ("order", "delivery rates of"): (
        "UPDATE known_rates SET version = version + 1",
        "2,. to order",
    ),
    ("notification", "contact of the account"): (
        f"UPDATE people SET version = 9 WHERE {one('people', 'version > 0')}",
        "9,. to notification",
    ),
    ("aftersales", "line"): ("UPDATE order_lines SET unit_price = 1", "1. to aftersales"),
    ("review", "line"): ("UPDATE order_lines SET sku_id = 'sku-x'", "sku-x.* to review"),
}

# One row of a service's own books: in whose, how, and words of the sentence.
LETTER = one("deliveries", "state = 'sent'")
SPOILT = {
    "a session has no token": (
        "account",
        "DELETE FROM refresh_tokens",
        "refresh tokens 0 may still be used",
    ),
    "a product is found no more": ("catalog", "DELETE FROM listings", "nobody finds it"),
    "a line has too many units": (
        "cart",
        "UPDATE cart_lines SET quantity = 100",
        "has 100 units",
    ),
    "more was delivered than was ordered": (
        "aftersales",
        "UPDATE parcel_lines SET quantity = 99",
        "A3: line",
    ),
    "an order was closed too early": (
        "review",
        "UPDATE orders SET closed = 1, closes_at = NULL",
        "is closed without having been completed",
    ),
    "a letter is nowhere": (
        "notification",
        f"UPDATE deliveries SET state = 'lost' WHERE {LETTER}",
        "is lost: neither due, sent nor given up",
    ),
    "a letter was never sent": (
        "notification",
        f"UPDATE deliveries SET state = 'due' WHERE {LETTER}",
        "and nobody sent it",
    ),
    "a letter would be sent when it is too late": (
        "notification",
        f"""UPDATE deliveries SET state = 'due', due_at = '2099-01-01 00:00:00.000000',
            give_up_at = '2098-01-01 00:00:00.000000' WHERE {LETTER}""",
        "will be tried again when it is too late",
    ),
    "a letter was sent twice": (
        "notification",
        f"""INSERT INTO tries (notice_id, channel, at, outcome, code)
            SELECT notice_id, channel, at, outcome, code FROM tries WHERE {one("tries")}""",
        "by the log it was sent 2 times",
    ),
    "a letter was given up without a word": (
        "notification",
        f"UPDATE deliveries SET state = 'given_up' WHERE {LETTER}; DELETE FROM tries",
        "was given up, and the log does not say why",
    ),
    "a notice has no state": (
        "notification",
        f"UPDATE notices SET state = 'lost' WHERE {one('notices')}",
        "is lost: neither waiting, told nor given up",
    ),
    "a notice waits for what is known": (
        "notification",
        f"UPDATE notices SET state = 'waiting' WHERE {one('notices', 'account_id IS NOT NULL')}",
        "although it is known how its person is reached",
    ),
    "a notice waits for ever": (
        "notification",
        f"""UPDATE notices SET state = 'waiting', created_at = '2020-01-01 00:00:00.000000'
            WHERE {one("notices")}""",
        "waits for more than a day",
    ),
    "a code goes nowhere": ("notification", "DELETE FROM deliveries", "is on no way to anybody"),
    "a code was kept": (
        "notification",
        "UPDATE notices SET facts = 'the code' WHERE kind = 'verify'",
        "Something is left of the code",
    ),
    "somebody was not forgotten": (
        "notification",
        f"UPDATE people SET erased = 1 WHERE {one('people', 'email IS NOT NULL')}",
        "Something is left of the account",
    ),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ManualClock]:
    """A town in which somebody bought for the first time, and a visitor has a mug in a basket."""
    town = Town(tmp_path_factory.mktemp("sound"))
    folder = town.embedded.folder
    with town.open() as road:
        logins = open_corner_shop(road.address, folder, stock=MUGS)
        FirstPurchase(road.address, logins, town.clock, Silent()).walk()
        road.caller(None).post("/cart/lines", {"sku_id": MUG, "quantity": 1})
        wait_until_quiet(town.audit.events)
    return folder, town.clock


@pytest.fixture
def copy(sound: tuple[Path, ManualClock], tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return shutil.copytree(sound[0], tmp_path / "copy")


def test_every_comparison_of_copies_is_shown_to_be_able_to_fail() -> None:
    assert {(one.holder[0], one.what) for one in COPIES} == COPIES_SPOILT.keys()
    assert len(COPIES) == len(COPIES_SPOILT)


def test_of_a_sound_first_purchase_the_checker_says_nothing(
    copy: Path, sound: tuple[Path, ManualClock]
) -> None:
    assert looked_through(copy, sound[1], finished=False) == []


@pytest.mark.parametrize(("service", "what"), COPIES_SPOILT)
def test_a_copy_that_is_not_as_its_source_is_named(
    copy: Path, sound: tuple[Path, ManualClock], service: str, what: str
) -> None:
    statements, sentence = COPIES_SPOILT[service, what]
    assert spoil(copy / f"{service}.db", statements) > 0

    said = looked_through(copy, sound[1], finished=False)

    assert any(one.startswith("I3") and what in one and re.search(sentence, one) for one in said), (
        "\n".join(said)
    )


@pytest.mark.parametrize(("service", "statements", "sentence"), SPOILT.values(), ids=SPOILT)
def test_what_was_spoilt_in_a_services_own_books_is_named(
    copy: Path, sound: tuple[Path, ManualClock], service: str, statements: str, sentence: str
) -> None:
    assert spoil(copy / f"{service}.db", statements) > 0

    said = "\n".join(looked_through(copy, sound[1], finished=False))

    assert re.search(sentence, said), said
