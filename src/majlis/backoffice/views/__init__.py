"""The pages, a file for each room."""
