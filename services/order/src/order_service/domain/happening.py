"""What can happen to an order, and how it is told to its buyer, in both languages of the shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What happened."""

    PLACED = "placed"
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    CONFIRMED = "confirmed"
    PAYMENT_UNEXPECTED = "payment_unexpected"
    CANCELLATION_ASKED = "cancellation_asked"
    CANCELLATION_REFUSED = "cancellation_refused"
    CANCELLED = "cancelled"
    NOT_SHIPPED = "not_shipped"
    PREPARING = "preparing"
    TAKEN_OUT = "taken_out"
    PACKED = "packed"
    SHIPPED = "shipped"
    WAYBILL_CORRECTED = "waybill_corrected"
    TRACE = "trace"
    DELIVERED = "delivered"
    TURNED_BACK = "turned_back"
    RECEIVED = "received"
    RECEIPT_EXTENDED = "receipt_extended"
    CLAIMED = "claimed"
    REFUND_ASKED = "refund_asked"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One row of an order's timeline. ``key`` tells it from others of its kind."""

    kind: Kind
    at: datetime
    params: Mapping[str, str]
    trace_id: str
    key: str = ""

    def sentence(self, locale: str) -> str:
        """In this language; what a sentence has no word for it leaves out."""
        chinese = locale.startswith("zh")
        text = _SENTENCES[self.kind][0 if chinese else 1]
        words = {name: _word(value, chinese=chinese) for name, value in self.params.items()}
        return text.format_map(_Gaps(words)).strip()


class _Gaps(dict[str, str]):
    """A word that was not told is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def _word(value: str, *, chinese: bool) -> str:
    words = _WORDS.get(value)
    return value if words is None else words[0 if chinese else 1]


# Values that are codes, in the words of each language; everything else is told as it is.
_WORDS: Final = {
    "buyer": ("买家", "the buyer"),
    "merchant": ("商家", "the merchant"),
    "admin": ("平台", "the shop"),
    "out_of_stock": ("缺货", "something is out of stock"),
    "expired": ("超时未支付", "it was not paid in time"),
    "risk": ("风险控制", "it looked risky"),
    "refused_at_door": ("拒收", "the parcel was not taken"),
    "automatic": ("系统自动", "the passing of time"),
    "collected": ("已揽收", "collected"),
    "in_transit": ("运输中", "in transit"),
    "out_for_delivery": ("派送中", "out for delivery"),
    "failed_attempt": ("派送未成功", "nobody was met"),
    "signed": ("已签收", "signed for"),
    "exception": ("异常", "held up"),
    "refused": ("已拒收", "refused"),
    "returning": ("退回中", "on its way back"),
    "returned": ("已退回", "came back"),
    "returned_to_sender": ("已退回发件人", "back with its sender"),
    "lost": ("丢失", "lost"),
    "short": ("缺件", "missing"),
    "damaged": ("破损", "damaged"),
}

_SENTENCES: Final = {
    Kind.PLACED: ("订单已提交。", "The order was placed."),
    Kind.AWAITING_PAYMENT: ("库存已锁定，等待付款。", "The goods are held and wait for payment."),
    Kind.PAID: ("已付款 {amount}。", "{amount} was paid."),
    Kind.CONFIRMED: ("订单已确认。", "The order was confirmed."),
    Kind.PAYMENT_UNEXPECTED: (
        "收到未预期的付款 {amount}，将原路退回。",
        "{amount} arrived that was not expected; it goes back.",
    ),
    Kind.CANCELLATION_ASKED: ("{by}申请取消。", "Cancelling was asked for by {by}."),
    Kind.CANCELLATION_REFUSED: (
        "部分商品已发出，无法取消。",
        "Some goods are on their way and cannot be cancelled.",
    ),
    Kind.CANCELLED: ("订单已取消：{reason}。", "The order was cancelled: {reason}."),
    Kind.NOT_SHIPPED: (
        "商家未按时发货，正在取消未发商品。",
        "The merchant did not ship in time; what was not sent is being cancelled.",
    ),
    Kind.PREPARING: ("商家正在备货。", "The goods are being packed."),
    Kind.TAKEN_OUT: ("部分商品已取消。", "Some goods were taken out of the order."),
    Kind.PACKED: ("包裹已打包。", "A parcel was packed."),
    Kind.SHIPPED: ("包裹已发出：{carrier} {waybill}。", "A parcel was sent: {carrier} {waybill}."),
    Kind.WAYBILL_CORRECTED: (
        "包裹运单号已更正：{carrier} {waybill}。",
        "A parcel goes by another number: {carrier} {waybill}.",
    ),
    Kind.TRACE: ("{place} {state}。", "{place}: {state}."),
    Kind.DELIVERED: ("包裹已签收。", "A parcel was signed for."),
    Kind.TURNED_BACK: ("包裹未送达：{state}。", "A parcel did not arrive: {state}."),
    Kind.RECEIVED: ("{by}确认收货。", "Receipt was confirmed by {by}."),
    Kind.RECEIPT_EXTENDED: ("已延长收货时间。", "The time to confirm receipt was extended."),
    Kind.CLAIMED: ("收货登记：{what} {quantity} 件。", "Counted at receipt: {quantity} {what}."),
    Kind.REFUND_ASKED: ("退款 {amount} 处理中。", "A refund of {amount} is under way."),
    Kind.REFUNDED: ("已退款 {amount}。", "{amount} was paid back."),
    Kind.REFUND_FAILED: (
        "退款 {amount} 未成功，人工处理中。",
        "A refund of {amount} failed; people look after it.",
    ),
    Kind.COMPLETED: ("订单已完成。", "The order is completed."),
}
