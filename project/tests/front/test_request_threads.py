"""Calls in the threads of requests."""

import structlog

from project.front.request_threads import RequestThreads


def test_a_call_does_not_log_the_request_of_the_call_before_it_in_its_thread(runner):
    threads = RequestThreads(1)
    runner.run(threads.run(structlog.contextvars.bind_contextvars, request_id="first"))
    assert runner.run(threads.run(structlog.contextvars.get_contextvars)) == {}
    threads.close()
