"""The one door for staff: password, second factor, what slows those who guess."""
