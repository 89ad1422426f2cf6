"""Why something costs what it costs, in words (FEATURES "explainable price").

A rule that was tried says whether it hit, how much it is about, and why, in both languages of the
shop. The rules of a quote are frozen into its order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from order_service.domain.delivery import Fee, NoWay
from order_service.domain.promotion import Miss, Tried
from shop_events.values import Money

_SYMBOLS: Final = {"CNY": "¥", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥", "USD": "US$"}

DEPENDS_ON_QUOTE: Final = "depends_on_quote"

_MISSES: Final = {
    Miss.NOTHING_FITS: ("没有适用的商品。", "It counts for none of these goods."),
    Miss.SPEND_MORE: ("差 {missing} 可用。", "Spend {missing} more and it counts."),
    Miss.WORTH_NOTHING: ("优惠不足一分。", "It would take less than the smallest coin off."),
    Miss.NOT_YET: ("未到使用时间。", "Its time has not come yet."),
    Miss.OVER: ("已过期。", "Its time is over."),
    Miss.OTHER_BETTER: ("「{better}」更优惠。", "“{better}” takes more off."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule that was tried. ``about``: whose or what, by its id."""

    kind: str  # coupon, freight, delivery, payment
    about: str
    hit: bool
    code: str
    zh: str
    en: str
    amount: Money | None = None
    odd_minor_on: tuple[str, ...] = ()  # the SKUs that bear what could not be divided (M3)


def as_people_read(amount: Money) -> str:
    """``¥12.50``."""
    return f"{_SYMBOLS.get(amount.currency, amount.currency)}{amount.amount}"


def of_coupon(tried: Tried) -> Rule:
    """What became of a coupon."""
    title = tried.coupon.promotion.title
    if tried.miss is None:
        off = as_people_read(tried.amount)
        zh, en, code = f"已用「{title}」，减 {off}。", f"“{title}” takes {off} off.", "used"
    else:
        missing = as_people_read(tried.missing) if tried.missing else ""
        zh, en = (
            text.format(missing=missing, better=tried.better or "") for text in _MISSES[tried.miss]
        )
        zh, en, code = f"「{title}」：{zh}", f"“{title}”: {en}", tried.miss.value
    return Rule(
        kind="coupon",
        about=tried.coupon.id,
        hit=tried.miss is None,
        code=code,
        zh=zh,
        en=en,
        amount=tried.amount,
        odd_minor_on=tried.odd_on,
    )


def of_fee(fee: Fee) -> Rule:
    """What a merchant's parcel costs."""
    zone = fee.zone
    if fee.free and zone.free_over is not None:
        over = as_people_read(zone.free_over)
        zh, en = f"满 {over} 包邮。", f"Free of charge from {over}."
    else:
        zh, en = _charged(fee)
    return Rule(
        kind="freight",
        about=fee.merchant_id,
        hit=True,
        code="free" if fee.free else "charged",
        zh=zh,
        en=en,
        amount=fee.amount,
    )


def _charged(fee: Fee) -> tuple[str, str]:
    """How weight, volume or pieces made the price, in both languages."""
    zone = fee.zone
    first, step = as_people_read(zone.first), as_people_read(zone.step)
    if zone.first_pieces is None:
        zh_by, en_by = ("（按体积）", " by volume") if fee.bulky else ("", "")
        zh, more = f"共 {fee.weight_g} 克{zh_by}：首 {zone.first_g} 克 {first}", "续重"
        en = f"{fee.weight_g} g{en_by}: {first} up to {zone.first_g} g"
    else:
        zh, more = f"共 {fee.pieces} 件：首 {zone.first_pieces} 件 {first}", "续件"
        en = f"{_pieces(fee.pieces)}: {first} up to {_pieces(zone.first_pieces)}"
    if fee.steps:
        zh += f"，{more} {fee.steps} × {step}"
        en += f", and {fee.steps} × {step} beyond"
    return f"{zh}。", f"{en}."


def _pieces(many: int) -> str:
    return "1 piece" if many == 1 else f"{many} pieces"


def of_no_way(refused: NoWay) -> Rule:
    """Why a way to deliver is not offered."""
    return Rule(
        kind="delivery",
        about=refused.code,
        hit=False,
        code="not_there",
        zh=f"商家 {refused.merchant_id} 不以此方式送到该地区。",
        en=f"The merchant {refused.merchant_id} does not send there by it.",
    )


def of_card() -> Rule:
    """A card can always be used."""
    zh, en = "可用银行卡支付。", "A card can be used."
    return Rule(kind="payment", about="card", hit=True, code="offered", zh=zh, en=en)


def of_cash_without_quote() -> Rule:
    """Whether cash is taken is known once somebody chose how the goods come."""
    return Rule(
        kind="payment",
        about="cash_on_delivery",
        hit=False,
        code=DEPENDS_ON_QUOTE,
        zh="视配送方式而定。",
        en="It depends on the way of delivery.",
    )


def of_cash(*, offered: bool) -> Rule:
    """Whether the carrier takes cash at the door."""
    words = (
        ("可货到付款。", "It can be paid at the door.")
        if offered
        else (
            "所选配送方式不支持货到付款。",
            "By this way of delivery nobody takes cash at the door.",
        )
    )
    return Rule(
        kind="payment",
        about="cash_on_delivery",
        hit=offered,
        code="offered" if offered else "delivery_method",
        zh=words[0],
        en=words[1],
    )
