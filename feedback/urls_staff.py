"""Staff addresses of this room, under ``staff/``."""

from django.urls import path

from feedback import staff_views

app_name = "feedback_staff"

urlpatterns = [
    path("engagements/", staff_views.home, name="staff_home"),
    path("engagements/<slug:reference>/", staff_views.engagement, name="engagement"),
    path("engagements/<slug:reference>/move/", staff_views.move, name="move"),
]
