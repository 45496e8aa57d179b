"""What a service tells a caller whose account another service keeps."""

import pytest

from project import create_app
from project.tests.stub_users_service import StubUsersService, user


@pytest.mark.parametrize("role", ["learner", "grader", "admin"])
def test_a_caller_is_told_his_id_and_role(role):
    with StubUsersService() as elsewhere:
        elsewhere.users["good"] = user(7, role=role)
        client = create_app(USERS_SERVICE_URL=elsewhere.url).test_client()
        answer = client.get("/auth/status", headers={"Authorization": "Bearer good"})
        refusal = client.get("/auth/status", headers={"Authorization": "Bearer bad"})
    assert answer.json["data"] == {"id": 7, "active": True, "admin": role == "admin", "role": role}
    assert (refusal.status_code, refusal.json["message"]) == (401, "Invalid token.")
