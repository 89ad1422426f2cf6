"""What comes in is what JSON says it is, and not what merely looks like it."""

import pytest
from marshmallow import ValidationError

from chassis.http.fields import StrictBoolean


@pytest.mark.parametrize("looks_true", [1, 1.0, 0, "yes", "true", "", None, []])
def test_only_true_and_false_are_booleans(looks_true: object) -> None:
    field = StrictBoolean()

    assert [field.deserialize(value) for value in (True, False)] == [True, False]
    with pytest.raises(ValidationError):
        field.deserialize(looks_true)
