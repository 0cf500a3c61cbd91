"""The fictional content of the demo and the builder that turns it into a working site."""
