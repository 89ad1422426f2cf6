"""Row 41: a parcel goes where the address book takes an address, and nowhere else.

Account has the table of divisions, order and catalog copies of its districts' codes: services share
no code.
"""

from __future__ import annotations

from account_service.domain.divisions import below, place_of
from catalog_service.domain import districts as of_catalog
from order_service.domain import districts as of_order


def test_row_41_order_and_catalog_take_the_districts_of_the_address_book_and_no_others() -> None:
    book = leaves(None)

    assert of_order.districts() == of_catalog.districts() == set(book)
    assert all(place_of(code) is not None for code in book)


def leaves(code: str | None) -> list[str]:
    found = below(code) or ()
    return [one.code for one in found if one.leaf] + [
        code for one in found if not one.leaf for code in leaves(one.code)
    ]
