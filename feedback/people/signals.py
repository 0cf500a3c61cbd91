"""What happens to accounts, told to whoever keeps a record of it.

Beside these, Django's ``user_logged_in`` and ``user_logged_out``, allauth's
``account.signals.password_changed``, ``password_set`` and ``password_reset``, and
``mfa.signals.authenticator_added``, ``authenticator_removed`` and ``authenticator_reset`` are sent.
Each has ``request``, None where a command did it. Nothing typed at the door is passed on: people
type passwords into the wrong field.
"""

from django.dispatch import Signal

# ``user``: whose account it was, None where there is none of that name; ``reason``: a `Refusal`.
sign_in_refused = Signal()
# ``user``, and ``actor``: the administrator, None for whoever has the server's command line.
second_factor_removed = Signal()
