from pathlib import Path

import pytest

from logistics_service.outside.carrier import CarrierUnavailable
from logistics_service.outside.pretend_carrier import PretendCarrier


def open_book(folder: Path) -> PretendCarrier:
    return PretendCarrier(folder / "swift.db", secret=b"a-secret-of-swift")


def test_a_parcel_has_one_waybill_however_often_it_is_booked(tmp_path: Path) -> None:
    first = open_book(tmp_path).book("p-1")
    again = open_book(tmp_path).book("p-1")

    assert first == again
    assert open_book(tmp_path).bookings() == {"p-1": first}


def test_two_parcels_have_two_waybills(tmp_path: Path) -> None:
    swift = open_book(tmp_path)

    assert swift.book("p-1") != swift.book("p-2")


def test_a_quiet_carrier_books_nothing(tmp_path: Path) -> None:
    (tmp_path / "swift.db.down").touch()

    with pytest.raises(CarrierUnavailable):
        open_book(tmp_path).book("p-1")

    assert open_book(tmp_path).bookings() == {}
