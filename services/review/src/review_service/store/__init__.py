"""The tables and the handful of statements over them."""
