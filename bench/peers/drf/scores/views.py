"""Reading and recording scores."""

from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from scores.models import Score, SolvedCount
from scores.serializers import LeaderboardQuerySerializer, ScorePayloadSerializer, ScoreSerializer


class ScoreView(RetrieveAPIView):
    queryset = Score.objects.all()
    serializer_class = ScoreSerializer

    def retrieve(self, request, *args, **kwargs):
        return Response({"status": "success", "data": self.get_serializer(self.get_object()).data})


class ScoresView(ListAPIView):
    queryset = Score.objects.all()
    serializer_class = ScoreSerializer

    def get_permissions(self):
        return [IsAuthenticated()] if self.request.method == "PATCH" else []

    def patch(self, request):
        payload = ScorePayloadSerializer(data=request.data)
        payload.is_valid(raise_exception=True)
        score, created = Score.objects.update_or_create(
            user_id=int(request.user.id),
            exercise_id=payload.validated_data["exercise_id"],
            defaults={"correct": payload.validated_data["correct"]},
        )
        message = "New score was added!" if created else "Score was updated!"
        return Response(
            {"status": "success", "message": message, "data": ScoreSerializer(score).data},
            status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
        )


class OwnScoresView(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request):
        scores = Score.objects.filter(user_id=int(request.user.id)).order_by("id")
        return Response({"status": "success", "data": {"scores": ScoreSerializer(scores, many=True).data}})


class LeaderboardView(APIView):
    def get(self, request):
        query = LeaderboardQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        counts = SolvedCount.objects.values("user_id", "solved").order_by("-solved", "user_id")
        board = counts[: query.validated_data["limit"]]
        return Response({"status": "success", "data": {"leaderboard": list(board)}})
