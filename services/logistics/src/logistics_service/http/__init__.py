"""Words in, words out: logistics' routes and schemas."""
