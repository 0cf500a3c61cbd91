"""Django's PostgreSQL, which knows when the server is away, and does not wait for ever."""
