"""Logistics' tables and the handful of statements on them; gives and takes domain objects."""
