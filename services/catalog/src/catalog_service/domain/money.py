"""The one currency the shop sells in; prices in another are refused at the door."""

from typing import Final

CURRENCY: Final = "CNY"
