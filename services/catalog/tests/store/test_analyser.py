"""How texts are cut: what is written and what is asked come out alike."""

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_service.store import analyser


def test_chinese_is_cut_along_its_most_probable_words() -> None:
    assert analyser.words("苹果手机保护壳") == ["苹果", "手机", "保护", "壳"]
    assert analyser.words("南京市长江大桥") == ["南京市", "长江大桥"]


def test_a_long_word_is_found_by_the_shorter_ones_inside_it() -> None:
    assert {"长江大桥", "长江", "大桥"} <= set(analyser.indexed("长江大桥"))


def test_other_scripts_are_cut_at_what_is_no_letter_and_no_digit() -> None:
    assert analyser.words("1.5m床垫*1 USB-C Ünïcode") == [
        *("1", "5m", "床垫", "1", "usb", "c", "ünïcode"),
    ]


def test_what_says_nothing_is_not_looked_for_unless_it_is_all_there_is() -> None:
    assert analyser.asked("the mug of the 猫") == ["mug", "猫"]
    assert analyser.asked("the") == ["the"]
    assert analyser.asked("?!") == [analyser.NOTHING]
    assert analyser.asked("  ") == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_written_is_found_by_itself_and_holds_no_sign_of_a_query(text: str) -> None:
    found = analyser.asked(text)

    assert set(found) - {analyser.NOTHING} <= set(analyser.indexed(text))
    assert not set("".join(analyser.indexed(text))) & set("\"'\\&|!():*<>·^ \t\n")
