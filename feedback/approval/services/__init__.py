"""What changes rows, one module an entity. Functions are named ``<entity>_<action>``."""
