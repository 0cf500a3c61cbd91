"""Staff addresses of this room, under ``staff/``."""

from django.urls import path

from feedback.asking import views as staff_views

app_name = "asking"

urlpatterns = [
    path("engagements/", staff_views.home, name="home"),
    path("engagements/<slug:reference>/", staff_views.engagement, name="engagement"),
    path("engagements/<slug:reference>/move/", staff_views.move, name="move"),
    path("engagements/<slug:reference>/review/", staff_views.review, name="review"),
]
