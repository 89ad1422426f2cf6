"""Words in, words out: order's routes and schemas."""
