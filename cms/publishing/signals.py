"""What this room tells of."""

from django.dispatch import Signal

# Both languages of a page went live: ``page`` is the English one, ``user`` who published, if anyone
# did. Sent once a pair, in the transaction that publishes it: a receiver that fails undoes it.
pair_published = Signal()
