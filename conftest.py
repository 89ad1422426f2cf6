"""Loads what the tests of all packages share."""

pytest_plugins = ["tests.support.fixtures"]
