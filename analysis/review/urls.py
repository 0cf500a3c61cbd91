"""Staff addresses of this room, under ``staff/``."""

from django.urls import path

from analysis.review import views

app_name = "review"

QUESTION = "review/<slug:reference>/<slug:code>/"

urlpatterns = [
    path("review/", views.index, name="index"),
    path(QUESTION, views.desk, name="desk"),
    path(f"{QUESTION}accept/", views.accept, name="accept"),
    path(f"{QUESTION}proposals/<int:pk>/", views.candidate, name="candidate"),
    path(f"{QUESTION}themes/<int:pk>/", views.theme, name="theme"),
    path(f"{QUESTION}passages/<int:pk>/", views.passage, name="passage"),
    path(f"{QUESTION}splits/", views.splits, name="splits"),
    path(f"{QUESTION}runs/", views.runs, name="runs"),
    path(f"{QUESTION}runs/state/", views.run_state, name="run_state"),
    path(f"{QUESTION}runs/<int:pk>/", views.run, name="run"),
]
