"""Send people something that proves that they can be reached, or tell them what happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from account_service.domain.account import Account
from account_service.domain.code import (
    BETWEEN_MESSAGES,
    LIFE,
    MESSAGES_A_DAY,
    Code,
    Purpose,
    new_secret,
)
from account_service.domain.errors import TooManyTries
from account_service.domain.identifier import Channel, Identifier
from account_service.domain.throttle import Quota
from account_service.store import codes, throttles
from shop_events import Tx
from shop_events.contracts.account import AccountCodeIssued, ChangeStep, CodePurpose
from shop_events.contracts.account import Channel as SaidChannel

A_NOTICE_IS_NEWS_FOR: Final = timedelta(days=1)
# What is said of it outside.
_SAID: Final = {
    Purpose.VERIFY: (CodePurpose.VERIFY, None),
    Purpose.RESET_PASSWORD: (CodePurpose.RESET_PASSWORD, None),
    Purpose.CHANGE_ADDRESS: (CodePurpose.CHANGE_ADDRESS, ChangeStep.NEW),
    Purpose.LEAVE_ADDRESS: (CodePurpose.CHANGE_ADDRESS, ChangeStep.OLD),
}


def may_send(tx: Tx, identifier: Identifier, purpose: Purpose) -> bool:
    """Count a message to this address; False if it had one a minute ago, or ten today.

    Nobody is told of it: the answer is the same, and no mail is one too many. From here on, whoever
    else writes to this address waits for this transaction.
    """
    place = identifier.fingerprint
    try:
        often = Quota(1, BETWEEN_MESSAGES)
        throttles.count(tx.connection, f"message:{purpose}:{place}", often, tx.now)
        daily = Quota(MESSAGES_A_DAY, timedelta(days=1))
        throttles.count(tx.connection, f"messages:{place}", daily, tx.now)
    except TooManyTries:
        return False
    return True


def send_code(
    tx: Tx,
    account: Account,
    identifier: Identifier,
    purpose: Purpose,
    *,
    password_hash: str | None = None,
    display_name: str | None = None,
) -> None:
    """Send a link or a code. Publishes AccountCodeIssued.

    The password hash and the name are what the account gets when it comes back.
    """
    secret = new_secret(identifier.channel)
    code = Code(
        id=tx.new_id(),
        account_id=account.id,
        identifier=identifier,
        purpose=purpose,
        expires_at=tx.now + LIFE[purpose, identifier.channel],
        password_hash=password_hash,
        display_name=display_name,
    )
    codes.add(tx.connection, code.with_secret(secret))
    by_link = identifier.channel is Channel.EMAIL
    said, step = _SAID[purpose]
    tx.publish(
        AccountCodeIssued(
            code_id=code.id,
            channel=SaidChannel(identifier.channel),
            address=identifier.value,
            purpose=said,
            locale=account.locale,
            expires_at=code.expires_at,
            code=None if by_link else secret,
            link_token=secret if by_link else None,
            step=step,
        )
    )


def send_notice(
    tx: Tx,
    account: Account,
    notice: CodePurpose,
    *to: Identifier,
    step: ChangeStep | None = None,
) -> None:
    """Tell somebody what happened to their account. Publishes AccountCodeIssued without a code."""
    for identifier in to or account.verified:
        tx.publish(
            AccountCodeIssued(
                code_id=tx.new_id(),
                channel=SaidChannel(identifier.channel),
                address=identifier.value,
                purpose=notice,
                locale=account.locale,
                expires_at=tx.now + A_NOTICE_IS_NEWS_FOR,
                step=step,
            )
        )
