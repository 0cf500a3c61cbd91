"""System checks: a deployment that would fail later, or leak, is told before it starts."""
