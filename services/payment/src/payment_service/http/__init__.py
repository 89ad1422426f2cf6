"""Words in, words out: payment's routes and schemas."""
