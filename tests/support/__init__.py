"""What tests at every height may use: waiting without sleeping, and servers to test against."""

from tests.support.waiting import eventually

__all__ = ["eventually"]
