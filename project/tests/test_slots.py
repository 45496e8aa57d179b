"""Slots for threads and coroutines, which wait in one queue."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from project.grading.slots import Slots
from project.tests.servers import wait_for


def test_as_many_as_there_are_may_be_held():
    slots = Slots(2)
    assert [slots.acquire(0) for _ in range(3)] == [True, True, False]
    slots.release()
    assert slots.acquire(0)


def test_who_gave_up_gets_none():
    slots = Slots(1)
    assert slots.acquire()
    assert not slots.acquire(0.01)
    slots.release()
    assert slots.acquire(0)
    assert not slots.acquire(0)


def test_a_coroutine_gets_the_slot_that_a_thread_gives_back():
    slots = Slots(1)
    slots.acquire()

    async def wait():
        waiting = asyncio.create_task(slots.acquire_soon(60))
        await asyncio.sleep(0)
        threading.Thread(target=slots.release).start()
        return await waiting

    assert asyncio.run(wait())
    assert not slots.acquire(0)


def test_a_coroutine_that_waits_in_vain_takes_none():
    slots = Slots(1)
    slots.acquire()
    assert not asyncio.run(slots.acquire_soon(0.01))
    slots.release()
    assert slots.acquire(0)


def test_a_coroutine_that_is_cancelled_takes_none():
    slots = Slots(1)
    slots.acquire()

    async def cancel():
        waiting = asyncio.create_task(slots.acquire_soon(60))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])

    asyncio.run(cancel())
    slots.release()
    assert slots.acquire(0)


def test_who_has_waited_longest_is_first():
    slots, order = Slots(1), []
    slots.acquire()

    def work(number):
        slots.acquire()
        order.append(number)
        slots.release()

    with ThreadPoolExecutor(3) as threads:
        for number in range(3):
            threads.submit(work, number)
            wait_for(lambda: slots.waiting() == number + 1)  # noqa: B023
        slots.release()
    assert order == [0, 1, 2]


def test_none_is_lost_and_none_is_made_when_many_give_up_at_the_same_moment():
    slots, held, most = Slots(2), [0], [0]
    lock = threading.Lock()

    def work(_):
        for _ in range(200):
            if slots.acquire(0.0001):
                with lock:
                    held[0] += 1
                    most[0] = max(most[0], held[0])
                with lock:
                    held[0] -= 1
                slots.release()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert most[0] <= 2
    assert [slots.acquire(0) for _ in range(3)] == [True, True, False]
