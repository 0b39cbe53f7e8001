"""What the commands of ``majlis`` do; ``config.cli`` says how they are called."""
