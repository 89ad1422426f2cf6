"""The one door of the shop: who are you, may you, where to. No business, and no rule of it."""
