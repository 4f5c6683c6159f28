"""The `alongside` command: the only package that knows all services, and the broker beside them."""
