"""Words in, words out: routes and schemas."""
