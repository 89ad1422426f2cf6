"""Holding an answer for somebody who prefers to wait."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from chassis.testing import Bench
from chassis.waiting import hold


def held(kiosk: Bench, until: Callable[[], bool], within_s: float) -> bool:
    """Whether a request was made to wait."""
    with kiosk.app.test_request_context("/"):
        return hold(until, within_s=within_s)


def test_an_answer_is_held_until_it_came_true_or_the_time_is_over(kiosk: Bench) -> None:
    looked = iter([False, False, True])

    assert held(kiosk, lambda: next(looked), 10)
    assert next(looked, None) is None
    assert held(kiosk, lambda: False, 0.1)


def test_who_did_not_ask_to_wait_does_not(kiosk: Bench) -> None:
    assert not held(kiosk, lambda: False, 0)


def test_those_who_wait_leave_half_of_the_threads_to_others(kiosk: Bench) -> None:
    places = kiosk.runtime.settings.web_threads // 2
    kiosk.app  # noqa: B018 - made once, before the threads ask for it
    all_wait, over = Barrier(places + 1), Event()

    def wait() -> bool:
        return held(kiosk, lambda: all_wait.wait(10) >= 0 and over.wait(10), 10)

    with ThreadPoolExecutor(places) as pool:
        waiting = [pool.submit(wait) for _ in range(places)]
        all_wait.wait(10)
        one_too_many = held(kiosk, lambda: True, 10)
        over.set()

        assert not one_too_many
        assert all(one.result(20) for one in waiting)
    assert held(kiosk, lambda: True, 10)
