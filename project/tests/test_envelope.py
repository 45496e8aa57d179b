def test_ping_pongs(client, learner):
    answer = client.get("/ping", headers=learner.headers)
    assert answer.status_code == 200
    assert answer.json["message"] == "pong!"
    assert answer.json["status"] == "success"
