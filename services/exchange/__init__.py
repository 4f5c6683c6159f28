"""The door to the outside world: intake, identity vault, messages to people, agencies' feeds."""
