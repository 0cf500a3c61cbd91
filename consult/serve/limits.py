"""How long, how much and how many the web server puts up with, without a proxy in front."""

from typing import Final

MiB: Final = 1024 * 1024

# --- Seconds ---------------------------------------------------------------------------------

# From the first byte of a request, or from connecting, to the end of its headers.
HEAD_SECONDS: Final = 20
# Between two pieces of a body.
SILENCE_SECONDS: Final = 30
# From the end of the headers to the end of the body: 64 MiB at 1.7 megabit a second.
BODY_SECONDS: Final = 300
# A kept connection between two requests; longer than proxies keep theirs.
IDLE_SECONDS: Final = 75
# A reply of which nothing more is fetched.
UNREAD_SECONDS: Final = 30
# After a refusal we read on for so long: else the sender sees a broken connection, not a page.
LINGER_SECONDS: Final = 5
# When told to stop, what has begun may end.
GRACE_SECONDS: Final = 10
# A process that does not answer its parent is replaced.
PROCESS_SILENCE_SECONDS: Final = 10

# For the database's answer to one query (CONSULT_QUERY_SECONDS).
QUERY_SECONDS: Final = 15

# --- Bytes -----------------------------------------------------------------------------------

# The first line and the headers. Django refuses long addresses first (414), with its own page.
HEAD_BYTES: Final = 64 * 1024
# A body. Above DATA_UPLOAD_MAX_MEMORY_SIZE, so that Django refuses a long form first (413), with
# what was typed on the page; this is for files that staff upload.
BODY_BYTES: Final = 64 * MiB
# A body up to here stays in memory: whatever form a citizen may send. A longer one is a file
# without a name (0600) in the temporary folder, gone when its request is.
BODY_IN_MEMORY: Final = 4 * MiB
# All bodies of one process that are not answered yet.
BODIES_BYTES: Final = 128 * MiB
# A reply up to here waits in memory for its reader, a longer one in a file without a name.
REPLY_IN_MEMORY: Final = 1 * MiB
# Passed to the kernel at a time.
PIECE: Final = 64 * 1024

# --- Numbers ---------------------------------------------------------------------------------

# Connections of one process. Above it the one that has kept us waiting longest gives way.
CONNECTIONS: Final = 1_000
# Descriptors left for files, the database and the cache.
OTHER_DESCRIPTORS: Final = 100
