"""What scheduling does when something happened, came due, or was recorded by a person."""
