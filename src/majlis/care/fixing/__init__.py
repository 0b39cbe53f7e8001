"""From complaint to fix, to thanks: told to all who complained, confirmed by each, and counted in public."""
