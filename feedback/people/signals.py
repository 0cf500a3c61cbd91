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
# ``user`` and ``left``: how many are left.
recovery_code_used = Signal()
# ``user`` and ``sessions``: how many, by whoever acts.
sessions_ended = Signal()
# ``invitation``, and who did it: ``actor``, or ``user`` whose account it made. Refused: ``state``
# says why its link is no longer good; anybody who has it can follow it again and again.
invitation_sent = Signal()
invitation_withdrawn = Signal()
invitation_accepted = Signal()
invitation_refused = Signal()
# ``department``, which has gone into its successor, and ``actor``.
department_merged = Signal()
# ``user``, who has left or is back, and ``actor``.
person_left = Signal()
person_returned = Signal()
# ``user``, ``heir``, and ``held``: a `leaving.work.Held` that was the user's and is the heir's.
work_handed_over = Signal()
# ``user``, and ``actor``: the administrator, None for whoever has the server's command line.
second_factor_removed = Signal()
