"""What the gateway is told, and what it refuses to be told."""

from pathlib import Path

import pytest

from chassis.settings import Env
from gateway.settings import Upstreams
from tests.support.doors import settings


def test_services_are_told_with_their_addresses() -> None:
    told = Upstreams.from_text("order=http://10.0.0.5:8000/, payment=http://payment:8000")

    assert told.addresses == {
        "order": "http://10.0.0.5:8000",
        "payment": "http://payment:8000",
    }


@pytest.mark.parametrize(
    "text", ["order", "order=", "order=https://x", "order=http://x/path", "order=http://x?q=1"]
)
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no address"):
        Upstreams.from_text(text)


def test_nobody_opens_the_shop_to_every_page(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one by one"):
        settings(tmp_path, cors_origins=("*",))


def test_the_clock_is_moved_in_development_alone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="development"):
        settings(tmp_path, env=Env.PROD, dev_clock_file=tmp_path / "clock")
