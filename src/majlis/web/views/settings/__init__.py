"""Settings, a page for each question."""
