"""What feedback does when something happened, or was recorded by a person."""
