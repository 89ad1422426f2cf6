"""A kiosk that sells mugs: the smallest service that has every room."""
