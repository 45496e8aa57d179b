"""GET /auth/status where a users-service keeps the users."""

import pytest

from project import create_app
from project.tests.stub_users_service import StubUsersService, user


@pytest.mark.parametrize("role", ["learner", "grader", "admin"])
def test_the_response_has_the_id_and_the_role_of_the_caller(role):
    with StubUsersService() as users_service:
        users_service.users["good"] = user(7, role=role)
        client = create_app(USERS_SERVICE_URL=users_service.url).test_client()
        response = client.get("/auth/status", headers={"Authorization": "Bearer good"})
        refusal = client.get("/auth/status", headers={"Authorization": "Bearer bad"})
    assert response.json["data"] == {"id": 7, "active": True, "admin": role == "admin", "role": role}
    assert (refusal.status_code, refusal.json["message"]) == (401, "Invalid token.")
