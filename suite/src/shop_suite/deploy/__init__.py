"""What a deployment needs besides the code: secrets, roles and rights, each service its own."""
