"""Ann opens an account, forgets her password, and the potter opens a shop."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shop_events.contract import Event
from shop_events.contracts import account
from shop_events.golden import SAID_AT

ANN: Final = "0193540f-6c00-7000-8000-0000000a0001"
POTTER: Final = "0193540a-0000-7000-8000-0000000e0001"
CODE: Final = "0193540f-7000-7000-8000-0000000a0002"
PHONE: Final = "0193540f-8000-7000-8000-0000000a0003"

PEOPLE: Final[tuple[Event, ...]] = (
    account.AccountRegistered(
        account_id=ANN, channels=(account.Channel.EMAIL,), referral_code="POTS4ALL"
    ),
    account.AccountVerified(account_id=ANN, channel=account.Channel.EMAIL),
    account.AccountContactChanged(
        account_id=ANN,
        email="ann@example.com",
        phone=None,
        locale="zh-CN",
        display_name="王安",
        version=2,
    ),
    account.AccountCodeIssued(
        code_id=CODE,
        channel=account.Channel.EMAIL,
        address="ann@example.com",
        purpose=account.CodePurpose.VERIFY,
        locale="zh-CN",
        expires_at=SAID_AT + timedelta(hours=24),
        link_token="a-token-of-at-least-128-random-bits",  # noqa: S106 - opens nothing
    ),
    account.AccountSessionsRevoked(account_id=ANN, session_ids=(PHONE,), at=SAID_AT),
    account.AccountDisabled(account_id=ANN, at=SAID_AT),
    account.AccountEnabled(account_id=ANN, at=SAID_AT),
    account.AccountErased(account_id=ANN),
    account.MerchantChanged(
        merchant_id=POTTER,
        name="陶坊",
        status=account.MerchantStatus.ACTIVE,
        version=1,
    ),
)
