import pytest

from logistics_service.config import CarrierSecrets


def test_two_secrets_of_a_carrier_are_good_at_once() -> None:
    text = "swift=0123456789abcdef|fedcba9876543210, snail=ffffffffffffffff"

    found = CarrierSecrets.from_text(text)

    assert found.by_carrier == {
        "swift": (b"0123456789abcdef", b"fedcba9876543210"),
        "snail": (b"ffffffffffffffff",),
    }


@pytest.mark.parametrize("text", ["", "swift", "swift=short", "Swift=0123456789abcdef", "a=b,"])
def test_what_is_no_secret_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="expected carrier=secret") as refused:
        CarrierSecrets.from_text(text)

    assert "short" not in str(refused.value)


def test_secrets_are_never_shown() -> None:
    secrets = CarrierSecrets.from_text("swift=0123456789abcdef")

    assert repr(secrets) == str(secrets) == "***(swift)"
