"""The verbs of the `alongside` command, a file a subject."""
