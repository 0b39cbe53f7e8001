"""Tests of several processes: everything here kills or stops something, so each has a house of its own."""
