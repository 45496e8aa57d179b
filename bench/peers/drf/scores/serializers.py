"""The JSON of requests and responses."""

from rest_framework import serializers

from scores.models import Score


class ScoreSerializer(serializers.ModelSerializer):
    class Meta:
        model = Score
        fields = [
            "id",
            "user_id",
            "exercise_id",
            "correct",
            "source",
            "points",
            "max_points",
            "attempts",
            "created_at",
            "updated_at",
        ]


class ScorePayloadSerializer(serializers.Serializer):
    exercise_id = serializers.IntegerField()
    correct = serializers.BooleanField()


class LeaderboardQuerySerializer(serializers.Serializer):
    limit = serializers.IntegerField(min_value=1, max_value=1000, default=50)
