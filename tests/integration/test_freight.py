"""Row 33: what logistics says that a delivery costs is what order charges for it.

All work it out, since services share no code: logistics for whoever asks how goods can come, order
for the quote, catalog for a product's page (row 17). What order and catalog know of the rates came
as logistics' event.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_service.domain import delivery as estimate
from logistics_service.domain.rates import FIRST_METHODS, Load, Method, Rates, Zone, must_be_sound
from logistics_service.domain.way import MethodCode
from logistics_service.usecases.messages import rates_changed
from order_service.domain import delivery
from shop_events.values import Money
from shop_events.wire import from_plain, to_plain

PREFIXES = ("31", "3101", "310115", "54", "44")
DIVISIONS = ("310115", "310101", "540102", "440305", "110101")


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


amounts = st.integers(0, 100_00).map(cny)
thresholds = st.none() | st.integers(0, 300_00).map(cny)
by_weight = st.fixed_dictionaries({"first_g": st.integers(0, 5_000), "step_g": st.integers(1, 900)})
by_piece = st.fixed_dictionaries(
    {"first_pieces": st.integers(1, 5), "step_pieces": st.integers(1, 3)}
)


loads = st.builds(
    Load,
    weight_g=st.integers(0, 30_000),
    volume_cm3=st.integers(0, 90_000) | st.just(1_000_000_000),
    pieces=st.integers(1, 12),
    goods=st.integers(0, 400_00).map(cny),
)


@st.composite
def zones(draw: st.DrawFn) -> tuple[Zone, ...]:
    """Regions that do not overlap but by the length of their prefix; maybe one for all others."""
    prefixes: list[tuple[str, ...]] = [(one,) for one in draw(st.sets(st.sampled_from(PREFIXES)))]
    if not prefixes or draw(st.booleans()):
        prefixes.append(())
    return tuple(
        Zone(
            divisions=one,
            first=draw(amounts),
            step=draw(amounts),
            free_over=draw(thresholds),
            **draw(by_weight | by_piece),
        )
        for one in prefixes
    )


@st.composite
def rates(draw: st.DrawFn) -> Rates:
    codes = draw(st.sets(st.sampled_from(MethodCode), min_size=1))
    methods = tuple(
        Method(
            code=code,
            zones=draw(zones()),
            days=3,
            traceable=True,
            cash_on_delivery=True,
            volume_divisor=draw(st.none() | st.integers(1, 9_000)),
        )
        for code in sorted(codes)
    )
    return Rates(rates_id="m-mei", version=1, methods=methods)


@settings(max_examples=150)
@given(
    rates() | st.just(Rates(rates_id="m-mei", version=1, methods=FIRST_METHODS)),
    st.sampled_from(DIVISIONS),
    loads,
)
def test_row_33_a_delivery_costs_at_checkout_what_logistics_says_it_does(
    said: Rates, division: str, told: Load
) -> None:
    must_be_sound(said.methods)
    known = from_plain(delivery.Rates, to_plain(rates_changed(said)))

    offered = said.options(division, told)
    load = delivery.Load(
        merchant_id="m-mei",
        weight_g=told.weight_g,
        volume_cm3=told.volume_cm3,
        pieces=told.pieces,
        goods=told.goods or cny(0),
    )
    charged, refused = delivery.ways_to(division, [load], {"m-mei": known})

    assert {str(one.method.code): one.price for one in offered} == {
        way.code: way.price for way in charged
    }
    assert len(charged) + len(refused) == len(said.methods)


@settings(max_examples=100)
@given(
    rates() | st.just(Rates(rates_id="m-mei", version=1, methods=FIRST_METHODS)),
    st.sampled_from(DIVISIONS),
    loads,
)
def test_row_17_a_products_page_estimates_what_one_unit_costs_to_send(
    said: Rates, division: str, told: Load
) -> None:
    known = from_plain(estimate.Rates, to_plain(rates_changed(said)))

    offered = said.options(division, replace(told, pieces=1))
    unit = estimate.Unit(
        weight_g=told.weight_g, volume_cm3=told.volume_cm3, price=told.goods or cny(0)
    )
    estimated = estimate.offers(known.methods, division, [unit])

    assert [(str(one.method.code), one.price) for one in offered] == [
        (one.method.code, one.price_from) for one in estimated
    ]
    assert all(one.price_from == one.price_to for one in estimated)
