"""The URLs."""

from django.urls import path

from scores.views import LeaderboardView, OwnScoresView, ScoresView, ScoreView

urlpatterns = [
    path("scores", ScoresView.as_view()),
    path("scores/user", OwnScoresView.as_view()),
    path("scores/<int:pk>", ScoreView.as_view()),
    path("leaderboard", LeaderboardView.as_view()),
]
