"""How much may come in, and whole or not at all."""

import io
from pathlib import Path

import pytest
from werkzeug.wrappers import Response

from chassis.problems import Problem
from chassis.testing import shopper
from gateway.bodies import Body
from tests.support.doors import Town

MEGABYTE = 1_000_000


def test_a_body_comes_to_the_service_as_it_was_sent(town: Town) -> None:
    town.ask("POST", "/mugs", shopper("ann"), data=b'{"mugs": 3}', content_type="application/json")

    assert town.shelf.last.get_data() == b'{"mugs": 3}'
    assert town.shelf.last.headers["Content-Type"] == "application/json"
    assert town.shelf.last.headers["Content-Length"] == "11"


def test_a_body_of_a_megabyte_passes_and_a_larger_one_does_not(town: Town) -> None:
    assert town.ask("POST", "/login", data=b" " * MEGABYTE).status_code == 200
    refused = town.ask("POST", "/login", data=b" " * (MEGABYTE + 1))

    assert (refused.status_code, refused.get_json(force=True)["code"]) == (413, "body_too_large")
    assert len(town.shelf.asked) == 1


def test_a_row_may_allow_more_and_then_has_an_end_too(town: Town) -> None:
    town.shelf.answer = lambda request: Response(str(len(request.get_data())))

    assert town.ask("POST", "/pictures", data=b" " * 2_000_000).data == b"2000000"
    assert town.ask("POST", "/pictures", data=b" " * 3_000_001).status_code == 413


def test_a_body_without_a_told_length_is_counted_while_it_comes(town: Town) -> None:
    chunked = {"wsgi.input_terminated": True}
    sent = town.ask("POST", "/login", input_stream=io.BytesIO(b"{}"), environ_overrides=chunked)
    large = io.BytesIO(b" " * (MEGABYTE + 1))
    refused = town.ask("POST", "/login", input_stream=large, environ_overrides=chunked)

    assert (sent.status_code, refused.status_code) == (200, 413)
    assert town.shelf.last.get_data() == b"{}"


def test_a_body_that_ends_early_is_no_body(town: Town) -> None:
    refused = town.ask(
        "POST",
        "/login",
        input_stream=io.BytesIO(b'{"a"'),
        environ_overrides={"CONTENT_LENGTH": "10"},
    )

    assert (refused.status_code, refused.get_json(force=True)["code"]) == (400, "body_cut_off")
    assert not town.shelf.asked


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "9" * 30])
def test_a_length_that_is_none_is_refused(town: Town, length: str) -> None:
    answer = town.ask("POST", "/login", environ_overrides={"CONTENT_LENGTH": length})

    assert answer.status_code == 400


class Gone:
    """A client that hung up."""

    def read(self, size: int, /) -> bytes:
        raise ConnectionResetError


def test_a_client_that_hangs_up_is_no_fault_of_ours() -> None:
    with pytest.raises(Problem) as caught:
        Body(Gone(), told=10, at_most=10).read(10)

    assert caught.value.status == 400


def test_head_is_answered_without_a_body(town: Town, tmp_path: Path) -> None:
    for path in ("/mugs", "/nowhere", "/health/live"):
        answer = town.ask("HEAD", path)
        assert answer.data == b""
        assert int(answer.headers["Content-Length"]) > 0
