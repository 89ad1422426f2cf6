"""What can go wrong at the kiosk.

KioskError            409 unless stated
├── SoldOut           409, says how many are left
├── NoSuchSale        404
└── StillOpening      409, come again in 3 s
"""


class KioskError(Exception):
    code = "kiosk_error"
    status = 409


class SoldOut(KioskError):
    code = "sold_out"

    def __init__(self, left: int) -> None:
        super().__init__(f"There are only {left} mugs left.")
        self.extensions = {"left": left}


class NoSuchSale(KioskError):
    code = "no_such_sale"
    status = 404


class StillOpening(KioskError):
    code = "still_opening"
    retry_after_s = 3
