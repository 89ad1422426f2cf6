"""What can go wrong when a merchant is changed; `errors` draws the whole tree."""

from __future__ import annotations

from account_service.domain.errors import AccountError


class MerchantStale(AccountError):
    """Somebody changed the merchant since the caller read it."""

    code = "precondition_failed"
    status = 412

    def __init__(self, merchant_id: str, version: int) -> None:
        super().__init__(f"The merchant {merchant_id} has version {version} by now; read it again.")
