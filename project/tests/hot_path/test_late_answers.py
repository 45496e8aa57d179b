"""Answers that whoever runs a batch sends, as granian has it; `test_both_paths` has the way of other servers."""

import threading

import pytest
from werkzeug.test import EnvironBuilder

from project.late_answers import LateAnswer


class Client:
    """Takes answers, as granian's protocol object does, and knows which thread gave one."""

    def __init__(self, *, gone=False):
        self.gone, self.came = gone, threading.Event()

    def send(self, *answer):
        self.answer, self.thread = answer, threading.current_thread()
        self.came.set()
        if self.gone:
            raise RuntimeError("the client is gone")


@pytest.fixture
def late(app, make_app):
    """Ask the application of a server; return a late answer."""
    application = make_app().wsgi_app

    def ask(path, **options):
        started = []
        answer = application(EnvironBuilder(path, **options).get_environ(), lambda *begun: started.append(begun))
        assert isinstance(answer, LateAnswer)
        assert started == []
        return answer

    return ask


def test_it_is_sent_whole_by_the_thread_that_has_it(late):
    client = Client()
    late("/scores").send_by(client.send)
    status, headers, body = client.answer
    assert (status, client.thread) == (200, threading.current_thread())
    assert dict(headers)["Content-Length"] == str(len(body))
    assert body.startswith(b'{"status":"success","data":{"scores":[')


def test_what_is_no_success_is_sent_by_a_thread_of_flask(late):
    client = Client()
    late("/scores/123456789").send_by(client.send)
    assert client.came.wait(60)
    status, headers, body = client.answer
    assert (status, client.thread is threading.current_thread()) == (404, False)
    assert dict(headers)["Content-Type"] == "application/json"
    assert b'"message":"Score does not exist"' in body


def test_a_client_that_is_gone_does_not_keep_its_batch_from_others(late):
    late("/scores").send_by(Client(gone=True).send)
    client = Client()
    late("/scores").send_by(client.send)
    assert client.answer[0] == 200
