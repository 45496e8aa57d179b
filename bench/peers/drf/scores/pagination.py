"""Pages by id."""

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class ScorePagination(CursorPagination):
    ordering = "id"
    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 1000

    def get_paginated_response(self, data):
        return Response({"status": "success", "data": {"scores": data}, "next": self.get_next_link()})
