import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_tests_run_on_a_real_postgresql():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_user")
        version, user = cursor.fetchone()
    assert version >= 180000
    assert user == "consult"
