"""Staff addresses of this room, under ``staff/``."""

from django.urls import path

from analysis.review.views import decisions, desk, runs, splits, unmasking

app_name = "review"

QUESTION = "review/<slug:reference>/<slug:code>/"

urlpatterns = [
    path("review/", desk.index, name="index"),
    path(QUESTION, desk.desk, name="desk"),
    path(f"{QUESTION}accept/", decisions.accept, name="accept"),
    path(f"{QUESTION}proposals/<int:pk>/", decisions.candidate, name="candidate"),
    path(f"{QUESTION}themes/", decisions.themes, name="themes"),
    path(f"{QUESTION}themes/<int:pk>/", decisions.theme, name="theme"),
    path(f"{QUESTION}passages/", decisions.passages, name="passages"),
    path(f"{QUESTION}passages/<int:pk>/as-written/", unmasking.unmask, name="unmask"),
    path(f"{QUESTION}splits/", splits.splits, name="splits"),
    path(f"{QUESTION}runs/", runs.runs, name="runs"),
    path(f"{QUESTION}runs/state/", runs.run_state, name="run_state"),
    path(f"{QUESTION}runs/<int:pk>/", runs.run, name="run"),
]
