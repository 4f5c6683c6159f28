"""Where feedback keeps a child's view, its words sealed; the only SQL of this service."""
