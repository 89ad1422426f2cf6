"""Kills the town's own processes, at every step and at random, and looks what was lost.

ways        the two ways to run, as processes that can be killed and come again
matrix      every step x service once: the kill is asked for at a named point
storm       random kills of random processes under load
report      the matrix as people read it
"""

from shop_suite.chaos.run import run_chaos

__all__ = ["run_chaos"]
