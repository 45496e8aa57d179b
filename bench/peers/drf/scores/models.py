"""The table that the benchmark has filled."""

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
