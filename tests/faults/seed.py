"""Run as a program: one open consultation; prints its reference number."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from tests.factories import make_questionnaire

    sys.stdout.write(make_questionnaire().engagement.reference_number)
