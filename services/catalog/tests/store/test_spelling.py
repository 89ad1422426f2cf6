"""Row 19: two words that are a slip or two apart are found by one another."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from catalog_service.store import spelling

LETTERS = st.sampled_from("abcdeé")


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str, int]:
    """A word, the same typed wrongly, and how many slips that took at most."""
    typed = draw(st.text(LETTERS, min_size=4, max_size=12))
    word, forgiven = typed, 1 if len(typed) < 8 else 2
    for _ in range(forgiven):
        at = draw(st.integers(0, len(word) - 1))
        swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
        letter = draw(LETTERS)
        changed = [word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :], swapped]
        word = draw(st.sampled_from([*changed, word[:at] + word[at + 1 :]]))
    return word, typed, forgiven


@settings(max_examples=100, deadline=None)
@given(slips())
def test_row_19_what_is_within_the_slips_forgiven_shares_a_key(slip: tuple[str, str, int]) -> None:
    word, typed, forgiven = slip
    # A letter put between two that were swapped is a third slip: no part changes twice in this
    # distance (optimal string alignment).
    assume(spelling.distance(typed, word) <= forgiven)

    assert spelling.keys(typed, forgiven) & set(spelling.keys_of(word))


def test_row_19_a_slip_is_a_letter_more_or_less_or_another_or_two_in_the_wrong_order() -> None:
    for typed in ("teapots", "teapt", "teepot", "tepaot"):
        assert spelling.distance(typed, "teapot") == 1, typed
    assert spelling.distance("ceramci", "ceramic") == 1
    assert spelling.distance("hnadmdae", "handmade") == 2
    assert spelling.distance("cup", "mug") == 2
    assert spelling.distance("ac", "cba") == 3, "swapped, and a letter put between"


def test_row_19_a_word_has_few_keys_however_long_it_is() -> None:
    assert len(spelling.keys_of("abcdefghijklmnopqrstuvwxyz")) == 29
