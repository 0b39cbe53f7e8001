"""The studio: what a page's team sees and does. Every address has a door; see ``doors``."""
