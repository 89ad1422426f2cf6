"""``python -m shop_suite`` is the `shop` command."""

from shop_suite.cli import main

main()
