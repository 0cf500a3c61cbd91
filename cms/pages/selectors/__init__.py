"""What pages show: read from the rooms below, computed from the clock, never written on a page."""
