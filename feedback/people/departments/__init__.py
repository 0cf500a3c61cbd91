"""Departments over time: names by date, mergers, and the directory of them as a file."""
