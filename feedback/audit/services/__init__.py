"""Writing the audit log."""
