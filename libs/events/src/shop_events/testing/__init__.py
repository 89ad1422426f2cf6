"""What tests of event-driven code share; needs pytest, and is imported by tests alone."""

import pytest

# So that a failing assertion of the suite shows its values, as one in a test module does.
pytest.register_assert_rewrite("shop_events.testing.conformance")
