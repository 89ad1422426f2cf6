"""What somebody is told who opens the town."""

from pathlib import Path

from shop_suite.welcome import opening_words

USUAL = Path("var/shop")


def test_the_usual_town_needs_no_word_about_its_data() -> None:
    assert "shop token ann)" in opening_words("127.0.0.1:8000", USUAL, usual=USUAL)


def test_a_token_is_asked_for_where_the_towns_key_lies() -> None:
    said = opening_words("127.0.0.1:8123", Path("my town"), usual=USUAL)

    assert "shop token ann --data 'my town')" in said
    assert "http://127.0.0.1:8123/api/v1/orders" in said
