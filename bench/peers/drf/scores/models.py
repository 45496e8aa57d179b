"""The tables that the benchmark has filled."""

from django.db import models


class Score(models.Model):
    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField()
    exercise_id = models.BigIntegerField()
    correct = models.BooleanField()
    source = models.TextField(default="self_reported")
    points = models.IntegerField(null=True)
    max_points = models.IntegerField(null=True)
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        managed = False
        db_table = "scores"
        constraints = [models.UniqueConstraint(fields=["user_id", "exercise_id"], name="uq_scores_user_id_exercise_id")]


class SolvedCount(models.Model):
    user_id = models.BigIntegerField(primary_key=True)
    solved = models.IntegerField()

    class Meta:
        managed = False
        db_table = "solved_counts"
        indexes = [models.Index(fields=["-solved", "user_id"], name="solved_counts_solved_user_id_idx")]
