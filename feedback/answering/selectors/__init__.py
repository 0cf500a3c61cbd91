"""What reads rows, one module an entity. Nothing here writes."""
