"""What changes pages, one module a subject. Functions are named ``<entity>_<action>``."""
