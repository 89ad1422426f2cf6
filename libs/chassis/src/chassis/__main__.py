"""``python -m chassis``."""

from chassis.commands import main

main(prog_name="python -m chassis")
