"""A test can make a process fail at a named point, and production cannot."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shop_events import faults


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    faults.arm("")


def test_an_unarmed_point_lets_everybody_pass() -> None:
    for name in faults.POINTS:
        faults.point(name)


def test_a_fault_strikes_the_nth_time_and_never_again() -> None:
    faults.arm("tx.after_commit:3:raise")

    faults.point("tx.after_commit")
    faults.point("tx.after_commit")
    with pytest.raises(faults.Injected, match=r"tx\.after_commit"):
        faults.point("tx.after_commit")
    faults.point("tx.after_commit")


def test_a_fault_strikes_at_its_own_point_only() -> None:
    faults.arm("relay.after_mark:1:raise")

    faults.point("relay.after_confirm")

    with pytest.raises(faults.Injected):
        faults.point("relay.after_mark")


def test_several_faults_are_armed_at_once() -> None:
    faults.arm("tx.before_commit:1:raise, tx.after_commit:1:raise")

    for name in ("tx.after_commit", "tx.before_commit"):
        with pytest.raises(faults.Injected):
            faults.point(name)


def test_arming_replaces_what_was_armed() -> None:
    faults.arm("tx.before_commit:1:raise")
    faults.arm("tx.after_commit:1:raise")

    faults.point("tx.before_commit")


@pytest.mark.parametrize(
    "wording",
    [
        "tx.after_comit:1:kill",
        "tx.after_commit:0:kill",
        "tx.after_commit:-1:kill",
        "tx.after_commit:one:kill",
        "tx.after_commit:1:explode",
        "tx.after_commit",
        ":::",
    ],
)
def test_a_misspelt_fault_is_refused_and_not_forgotten(wording: str) -> None:
    with pytest.raises(faults.NotAFault):
        faults.arm(wording)


def test_the_environment_arms_a_process_and_the_process_dies_there() -> None:
    program = (
        "from shop_events import faults; faults.point('consumer.after_commit'); print('alive')"
    )

    died = subprocess.run(
        [sys.executable, "-c", program],
        env={faults.VARIABLE: "consumer.after_commit:1:kill"},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert died.returncode == -signal.SIGKILL
    assert died.stdout == b""


def test_every_point_of_the_list_is_somewhere_in_the_code_and_no_other() -> None:
    from pathlib import Path

    import shop_events

    package = Path(shop_events.__file__).parent
    text = "\n".join(path.read_text() for path in package.rglob("*.py") if path.stem != "faults")
    outside = {"outside.before_call", "outside.after_call"}  # passed by the services' own clients
    written = {
        *(
            f"{at}.{when}_commit"
            for at in ("tx", "consumer", "deadline")
            for when in ("before", "after")
        ),
        *(name for name in faults.POINTS if f'"{name}"' in text),
    }

    assert written == set(faults.POINTS) - outside
