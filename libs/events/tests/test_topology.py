"""What the broker must have follows from the declarations, and is text one can read."""

import pytest

from shop_events import Event, Kind, Subscriptions, Topology, Tx, contract_of, event
from shop_events.contract import Contracts
from shop_events.topology import (
    DELAY,
    EVENTS,
    LADDER,
    PRIVATE,
    Binding,
    NotAListener,
    QueueKind,
    exchange_for,
    ground,
    subscriber,
)
from shop_events.wire import Upcasters

KNOWN = Contracts()


@event("mug.sold", version=3, by="potter", key="mug_id", known=KNOWN)
class MugSold(Event):
    """Somebody has it now."""

    mug_id: str


@event("mug.glazed", version=1, by="potter", key="mug_id", known=KNOWN)
class MugGlazed(Event):
    """It has its colour."""

    mug_id: str


@event(
    "mug.addressed",
    version=1,
    by="potter",
    key="mug_id",
    kind=Kind.PRIVATE,
    listeners=("courier",),
    known=KNOWN,
)
class MugAddressed(Event):
    """Names a person."""

    mug_id: str
    person: str


def keys(topology: Topology, queue: str) -> set[tuple[str, str]]:
    return {(one.exchange, one.key) for one in topology.bindings if one.queue == queue}


def test_a_subscriber_binds_exactly_what_it_handles() -> None:
    wanted = subscriber("shop", [contract_of(MugSold), contract_of(MugGlazed)])

    assert keys(wanted, "shop.events.v1") == {(EVENTS, "mug.sold.v3"), (EVENTS, "mug.glazed.v1")}
    assert not [queue for queue in wanted.queues if "private" in queue.name]


def test_what_upcasters_can_read_is_bound_in_its_older_versions_too() -> None:
    upcasters = Upcasters()
    upcasters.step("mug.sold", from_version=2)(lambda data: data)

    wanted = subscriber("shop", [contract_of(MugSold)], upcasters=upcasters)

    assert keys(wanted, "shop.events.v1") == {(EVENTS, "mug.sold.v2"), (EVENTS, "mug.sold.v3")}


def test_a_private_event_goes_to_a_queue_of_its_own_and_to_named_listeners_alone() -> None:
    contracts = [contract_of(MugSold), contract_of(MugAddressed)]

    wanted = subscriber("courier", contracts)

    assert keys(wanted, "courier.private.v1") == {(PRIVATE, "mug.addressed.v1")}
    assert keys(wanted, "courier.events.v1") == {(EVENTS, "mug.sold.v3")}
    with pytest.raises(NotAListener, match=r"mug\.addressed may not be read by shop"):
        subscriber("shop", contracts)


def test_no_private_event_reaches_the_log() -> None:
    bound = {one.exchange for one in ground().bindings if one.queue == "jishi.log"}

    assert bound == {EVENTS}
    assert exchange_for(contract_of(MugAddressed)) == PRIVATE
    assert exchange_for(contract_of(MugSold)) == EVENTS


def test_private_dead_letters_are_forgotten_after_seven_days_and_public_ones_are_kept() -> None:
    queues = {
        queue.name: queue for queue in subscriber("courier", [contract_of(MugAddressed)]).queues
    }

    private = queues["courier.private.v1.dead"].ttl
    assert private is not None
    assert private.days == 7
    assert queues["courier.events.v1.dead"].ttl is None


def test_every_home_queue_has_a_place_for_what_is_given_up() -> None:
    wanted = subscriber("courier", [contract_of(MugAddressed)])

    homes = [queue.name for queue in wanted.queues if queue.kind is QueueKind.WORK]

    assert sorted(homes) == ["courier.events.v1", "courier.private.v1"]
    assert {Binding("jishi.dead", home, f"{home}.dead") for home in homes} <= wanted.bindings


def test_every_step_of_the_ladder_has_a_queue_of_its_own() -> None:
    """Messages of different delays in one queue would wait for each other."""
    wanted = subscriber("courier", [contract_of(MugSold)])
    delays = [queue for queue in wanted.queues if queue.kind is QueueKind.DELAY]

    assert sorted(queue.ttl for queue in delays if queue.ttl) == list(LADDER)


def test_a_delay_leads_home_to_its_own_queue_and_to_no_other() -> None:
    """Else whoever may have something retried could slip it into the queue of another service."""
    wanted = subscriber("courier", [contract_of(MugSold), contract_of(MugAddressed)])
    delays = [queue for queue in wanted.queues if queue.kind is QueueKind.DELAY]

    assert all(delay.name.startswith(f"{delay.home}.delay.") for delay in delays)
    assert {delay.home for delay in delays} == {"courier.events.v1", "courier.private.v1"}
    assert {b for b in wanted.bindings if b.exchange == DELAY} == {
        Binding(DELAY, delay.name, delay.name) for delay in delays
    }


def test_the_plan_of_a_subscriber_is_this_text() -> None:
    plan = subscriber("courier", [contract_of(MugSold), contract_of(MugAddressed)]).plan()

    waits = [(5000, 5), (30000, 30), (120000, 120), (600000, 600), (3600000, 3600)]
    homes = ["courier.events.v1", "courier.private.v1"]
    delays = {home: [(f"{home}.delay.{ms}ms", seconds) for ms, seconds in waits] for home in homes}
    assert [line for line in plan if ".delay." in line] == [
        *sorted(f"queue {name} (delay, {s} s)" for home in homes for name, s in delays[home]),
        *sorted(
            f"binding jishi.delay --{name}--> {name}" for home in homes for name, _ in delays[home]
        ),
    ]
    assert [line for line in plan if ".delay." not in line] == [
        "queue courier.events.v1 (work)",
        "queue courier.events.v1.dead (dead)",
        "queue courier.private.v1 (work)",
        "queue courier.private.v1.dead (dead, 604800 s)",
        "binding jishi.dead --courier.events.v1--> courier.events.v1.dead",
        "binding jishi.dead --courier.private.v1--> courier.private.v1.dead",
        "binding jishi.events --mug.sold.v3--> courier.events.v1",
        "binding jishi.private --mug.addressed.v1--> courier.private.v1",
    ]


def test_the_plan_does_not_depend_on_the_order_of_the_declarations() -> None:
    one = subscriber("shop", [contract_of(MugSold), contract_of(MugGlazed)])
    other = subscriber("shop", [contract_of(MugGlazed), contract_of(MugSold)])

    assert (one | ground()).plan() == (ground() | other).plan()


def test_the_ground_stands_before_any_service_does() -> None:
    assert {exchange.name for exchange in ground().exchanges} > {EVENTS, PRIVATE, "jishi.dead"}
    used = {one.exchange for one in subscriber("courier", [contract_of(MugAddressed)]).bindings}
    assert used <= {exchange.name for exchange in ground().exchanges}


def test_subscriptions_know_the_topology_they_need() -> None:
    subscriptions = Subscriptions("shop")

    @subscriptions.on(MugSold)
    def thank_when_sold(event: MugSold, tx: Tx) -> None: ...

    assert subscriptions.topology() == subscriber("shop", [contract_of(MugSold)])
