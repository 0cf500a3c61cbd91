"""PostgreSQL and Valkey from wheels, for the demo and the tests: no root, no package, no daemon.

`launch` keeps a server alive exactly as long as its parent, `server` starts and stops one,
`postgres` and `valkey` know their two programs, `watch` starts again what dies.
docs/adr/0002-embedded-servers.md has the why.
"""

from consult.embedded.postgres import Postgres
from consult.embedded.server import ServerError
from consult.embedded.valkey import Valkey

__all__ = ["Postgres", "ServerError", "Valkey"]
