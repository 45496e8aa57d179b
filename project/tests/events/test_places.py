"""Which streams are replaced or refused when there are few."""

import pytest

from project.api.events.errors import StreamsBusy
from project.api.events.hub import Hub
from project.api.events.stream import RETRY_REPLACED_MS
from project.api.events.topics import Topic

PLACES = 4


@pytest.fixture
def hub(make_app):
    hub = Hub(make_app(EVENT_STREAMS=PLACES))
    yield hub
    hub.stop()


def join(hub, user_id):
    return hub.join(user_id, frozenset(Topic), None)


def was_replaced(stream):
    return stream.is_over and b"retry: %d\n\n" % RETRY_REPLACED_MS in list(stream)


def test_a_third_stream_replaces_the_oldest_of_the_same_user(hub):
    other, oldest, second, third = (join(hub, user) for user in (2, 1, 1, 1))
    assert was_replaced(oldest)
    assert not any(stream.is_over for stream in (other, second, third))


def test_a_new_user_replaces_the_oldest_stream_of_the_user_with_most(hub):
    one, oldest, second, another, newcomer = (join(hub, user) for user in (1, 2, 2, 3, 4))
    assert was_replaced(oldest)
    assert not any(stream.is_over for stream in (one, second, another, newcomer))


def test_a_second_stream_does_not_replace_a_stream_of_another_user(hub):
    streams = [join(hub, user) for user in (1, 2, 2, 3)]
    with pytest.raises(StreamsBusy):
        join(hub, 1)
    assert not any(stream.is_over for stream in streams)


def test_a_new_user_is_refused_if_no_user_has_two_streams(hub):
    streams = [join(hub, user) for user in range(PLACES)]
    with pytest.raises(StreamsBusy):
        join(hub, 99)
    assert not any(stream.is_over for stream in streams)


def test_the_place_of_a_closed_stream_is_free_again(hub):
    first, *_ = [join(hub, user) for user in range(PLACES)]
    first.close()
    assert not join(hub, 99).is_over
