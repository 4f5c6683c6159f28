"""What reporting does with every event, and the questions it answers."""
