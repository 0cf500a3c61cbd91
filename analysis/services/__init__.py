"""Writing: runs of the machine, decisions of people. One module an entity."""
