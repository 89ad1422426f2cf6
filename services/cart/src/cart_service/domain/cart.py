"""A cart and everything that can be done with it; each act gives a new cart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cart_service.domain.errors import CartFull, LineNotFound, NotAVariant
from cart_service.domain.goods import MOST_LINES, MOST_UNITS, Goods
from cart_service.domain.line import Line, Notice, Why, limited
from shop_events.values import Money, total

Notices = tuple[Notice, ...]


class Merging(StrEnum):
    """What becomes of what a guest has and the shopper has too (row 34); limits hold for each."""

    SUM = "sum"  # both together
    LARGEST = "largest"  # the larger of the two: whoever put it in twice meant it once
    GUEST = "guest"  # as the guest has it; what only the shopper has stays, unticked


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """What somebody means to buy: at most one line for each SKU."""

    id: str
    lines: tuple[Line, ...] = ()

    def line(self, line_id: str) -> Line:
        """The line of this id.

        Raises:
            LineNotFound: there is none.
        """
        for line in self.lines:
            if line.id == line_id:
                return line
        raise LineNotFound(line_id)

    def of_sku(self, sku_id: str) -> Line | None:
        """The SKU's line."""
        return next((line for line in self.lines if line.goods.sku_id == sku_id), None)

    @property
    def is_full(self) -> bool:
        """Whether no further line fits in."""
        return len(self.lines) >= MOST_LINES

    @property
    def subtotals(self) -> tuple[Money, ...]:
        """What the ticked lines cost together, per currency (row 30: amounts are never converted).

        A ticked line that cannot be bought counts nothing.
        """
        sums: dict[str, Money] = {}
        for line in self.lines:
            if line.counts and line.total is not None:
                currency = line.total.currency
                sums[currency] = sums.get(currency, Money.zero(currency)) + line.total
        return tuple(sums[currency] for currency in sorted(sums))

    @property
    def subtotal(self) -> Money | None:
        """The one subtotal; None without a line, or with several currencies among what counts.

        One order has one currency, so the shopper unticks what is in another.
        """
        counted = self.subtotals
        currencies = {line.goods.price.currency for line in self.lines}
        if not counted and len(currencies) == 1:
            return total((), currencies.pop())
        return counted[0] if len(counted) == 1 else None

    def add(self, goods: Goods, quantity: int, *, line_id: str) -> tuple[Cart, Notices]:
        """Put in ``quantity`` more units, as far as limits allow; adding never takes any away.

        ``line_id`` is for a new line. A line that is there already stays ticked or unticked.

        Raises:
            SkuNotFound, NotForSale: nobody sells it.
            OutOfStock: there is none, and none is in the cart.
            CartFull: it would be one line too many.
        """
        line = self.of_sku(goods.sku_id)
        if line is None:
            goods.must_be_in_stock()
            if self.is_full:
                raise CartFull(MOST_LINES)
            line = _new_line(line_id, goods)
        goods.must_be_sold()
        wanted = line.quantity + quantity
        given = max(line.quantity, min(wanted, goods.most))
        return self._with(replace(line, quantity=given)), limited(goods, wanted, given)

    def set_quantity(self, line_id: str, quantity: int) -> tuple[Cart, Notices]:
        """Let a line have ``quantity`` units, as far as limits allow.

        A line that cannot be bought now can shrink and not grow.

        Raises:
            LineNotFound: there is none.
        """
        line = self.line(line_id)
        given = min(quantity, line.goods.most or line.quantity)
        return self._with(replace(line, quantity=given)), limited(line.goods, quantity, given)

    def select(self, line_id: str, *, selected: bool) -> Cart:
        """Tick or untick a line (row 35).

        Raises:
            LineNotFound: there is none.
        """
        return self._with(replace(self.line(line_id), selected=selected))

    def change_variant(
        self, line_id: str, goods: Goods, *, quantity: int | None = None
    ) -> tuple[Cart, Notices]:
        """Let a line have another SKU of its product, at today's price (row 32).

        If the cart has a line of that SKU, the two become one, and this one's id and tick stay.
        ``quantity`` units instead of those the line has.

        Raises:
            LineNotFound: there is none.
            NotAVariant: the SKU belongs to another product.
            SkuNotFound, NotForSale, OutOfStock: it cannot be bought.
        """
        line = self.line(line_id)
        if goods.product_id != line.goods.product_id:
            raise NotAVariant(goods.sku_id, line.goods.product_id)
        goods.must_be_in_stock()
        twin = self.of_sku(goods.sku_id)
        wanted = (quantity or line.quantity) + (twin.quantity if twin else 0)
        given = min(wanted, goods.most)
        changed = replace(line, goods=goods, quantity=given, price_seen=goods.price)
        others = tuple(one for one in self._with(changed).lines if one != twin)
        return replace(self, lines=others), limited(goods, wanted, given)

    def remove(self, line_id: str) -> Cart:
        """Take a line out.

        Raises:
            LineNotFound: there is none.
        """
        return self._without(self.line(line_id))

    def accept_changes(self) -> tuple[Cart, Notices]:
        """The shopper agrees to what is now: prices, fewer units, and what cannot be bought.

        A line that cannot be bought stays where it is, unticked, so that it stops nothing.
        """
        accepted = [_accept(line) for line in self.lines]
        lines = tuple(line for line, _ in accepted)
        return replace(self, lines=lines), tuple(one for _, told in accepted for one in told)

    def merge(self, guest: Cart, how: Merging = Merging.SUM) -> tuple[Cart, Notices]:
        """All of a guest's cart as well (row 34), equal lines as ``how`` says.

        Nothing of the shopper's own becomes less but where the guest's counts instead. The notices
        say what of the guest's was dropped.
        """
        cart, told = (self._unticked() if how is Merging.GUEST else self), Notices()
        for line in guest.lines:
            cart, more = cart.take_over(line, how)
            told += more
        return cart, told

    def take_out(self, bought: Mapping[str, int]) -> Cart:
        """Without the units that were bought, by SKU; unticked lines stay as they are (row 35)."""
        left = (
            replace(line, quantity=line.quantity - bought.get(line.goods.sku_id, 0))
            if line.selected
            else line
            for line in self.lines
        )
        return replace(self, lines=tuple(line for line in left if line.quantity > 0))

    def _unticked(self) -> Cart:
        lines = tuple(replace(line, selected=False) for line in self.lines)
        return replace(self, lines=lines)

    def take_over(self, line: Line, how: Merging) -> tuple[Cart, Notices]:
        """A line of a guest's as well; see `merge`."""
        goods, mine = line.goods, self.of_sku(line.goods.sku_id)
        if mine is None and self.is_full:
            told = Notice(why=Why.CART_FULL, sku_id=goods.sku_id, wanted=line.quantity, given=0)
            return self, (told,)
        if mine is None:  # what cannot be bought now stays visible as it was
            given = min(line.quantity, goods.most or MOST_UNITS)
            told_of = limited(goods, line.quantity, given)
            return self._with(replace(line, quantity=given)), told_of
        wanted = _together(mine.quantity, line.quantity, how)
        least = 0 if how is Merging.GUEST else mine.quantity
        given = max(least, min(wanted, goods.most)) or mine.quantity
        both = replace(mine, quantity=given, selected=mine.selected or line.selected)
        return self._with(both), limited(goods, wanted, given)

    def _with(self, line: Line) -> Cart:
        if all(known.id != line.id for known in self.lines):
            # Ids grow with time, so this is the order in which things were put in.
            return replace(self, lines=tuple(sorted((*self.lines, line), key=lambda one: one.id)))
        lines = tuple(line if known.id == line.id else known for known in self.lines)
        return replace(self, lines=lines)

    def _without(self, line: Line) -> Cart:
        return replace(self, lines=tuple(one for one in self.lines if one.id != line.id))


def _together(mine: int, guests: int, how: Merging) -> int:
    if how is Merging.SUM:
        return mine + guests
    return max(mine, guests) if how is Merging.LARGEST else guests


def _new_line(line_id: str, goods: Goods) -> Line:
    return Line(id=line_id, goods=goods, quantity=0, selected=True, price_seen=goods.price)


def _accept(line: Line) -> tuple[Line, Notices]:
    goods = line.goods
    agreed = replace(line, price_seen=goods.price)
    if goods.most:
        given = min(line.quantity, goods.most)
        return replace(agreed, quantity=given), limited(goods, line.quantity, given)
    if not line.selected:
        return agreed, ()
    told = Notice(why=Why.UNTICKED, sku_id=goods.sku_id, wanted=line.quantity, given=line.quantity)
    return replace(agreed, selected=False), (told,)
