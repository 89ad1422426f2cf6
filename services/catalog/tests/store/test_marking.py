"""Row 19: people see why a product was found."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_service.store import analyser, marking


def shown(text: str, q: str, *, single: bool = False) -> str:
    """The text with what is marked in brackets."""
    parts = marking.parts(text, analyser.asked(q), single=single)
    return "".join(f"[{one.text}]" if one.hit else one.text for one in parts)


@pytest.mark.parametrize(
    ("text", "q", "marked"),
    [
        ("Handmade Mugs, blue", "a blue mug", "Handmade [Mugs], [blue]"),
        ("苹果手机保护壳", "手机壳", "苹果[手机]保护[壳]"),
        ("南京长江大桥模型", "长江", "南京[长江]大桥模型"),
        ("ＭＵＧ ½ off, e\u0301tude", "mug étude", "[ＭＵＧ] ½ off, [e\u0301tude]"),
        ("Straße ﬁne", "strasse fine", "[Straße] [ﬁne]"),
        ("<b>Mug</b> & 🍵mug", "mug", "<b>[Mug]</b> & 🍵[mug]"),
        ("", "mug", ""),
    ],
)
def test_row_19_what_was_looked_for_is_marked(text: str, q: str, marked: str) -> None:
    assert shown(text, q) == marked


def test_row_19_single_characters_are_marked_where_they_were_looked_for() -> None:
    assert shown("手工马克杯 mug", "杯 mug") == "手工马克杯 [mug]"
    assert shown("手工马克杯 mug", "杯马 mug", single=True) == "手工[马]克[杯] [mug]"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=10), st.booleans())
def test_row_19_the_pieces_together_are_the_text(text: str, q: str, single: bool) -> None:
    parts = marking.parts(text, analyser.asked(q), single=single)

    assert "".join(one.text for one in parts) == text


def test_row_19_a_question_put_right_keeps_all_but_the_wrong_words() -> None:
    better = {"handmde": "handmade", "teapto": "teapot"}

    assert marking.reworded("Blue  HANDMDE teaptos, 蓝!", better) == "Blue  handmade teapot, 蓝!"
