"""The parts of the local broker: one SQLite file, one process, many threads."""
