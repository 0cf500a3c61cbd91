"""Reading what the machine proposed and what people decided. Nothing here writes."""
