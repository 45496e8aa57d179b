"""Slots for threads and coroutines, which wait in one queue."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from project.grading.slots import Slots
from project.tests.servers import DEADLINE_SECONDS, wait_for


def free_slots(slots):
    """Return how many slots are free, and leave them so."""
    claimed = []
    while slot := slots.claim(0):
        claimed.append(slot)
    for slot in claimed:
        slot.release()
    return len(claimed)


def test_no_more_slots_are_held_than_there_are():
    slots = Slots(2)
    first, second, third = (slots.claim(0) for _ in range(3))
    assert (first.is_held, second.is_held, third) == (True, True, None)
    first.release()
    assert slots.claim(0)


def test_a_slot_is_released_at_the_end_of_its_block():
    slots = Slots(1)
    with slots.wait():
        assert free_slots(slots) == 0
    assert free_slots(slots) == 1


def test_a_slot_that_is_released_twice_is_free_once():
    slots = Slots(1)
    with slots.wait() as slot:
        slot.release()
    assert not slot.is_held
    assert free_slots(slots) == 1


def test_a_slot_is_released_when_the_block_that_passes_it_on_fails():
    slots = Slots(1)
    slot = slots.wait()
    with pytest.raises(RuntimeError), slot.released_on_failure():
        raise RuntimeError
    assert free_slots(slots) == 1


def test_a_slot_that_was_passed_on_is_still_held():
    slots = Slots(1)
    slot = slots.wait()
    with slot.released_on_failure():
        pass
    assert slot.is_held
    assert free_slots(slots) == 0


def test_a_thread_that_stopped_waiting_gets_no_slot():
    slots = Slots(1)
    with slots.wait():
        assert slots.claim(0.01) is None
    assert free_slots(slots) == 1


def test_a_coroutine_gets_the_slot_that_a_thread_releases():
    slots = Slots(1)
    held = slots.wait()

    async def wait():
        waiting = asyncio.create_task(slots.claim_async(DEADLINE_SECONDS))
        await asyncio.sleep(0)
        threading.Thread(target=held.release).start()
        return await waiting

    assert asyncio.run(wait()).is_held
    assert free_slots(slots) == 0


def test_a_coroutine_that_waits_too_long_gets_no_slot():
    slots = Slots(1)
    with slots.wait():
        assert asyncio.run(slots.claim_async(0.01)) is None
    assert free_slots(slots) == 1


def test_a_coroutine_that_is_cancelled_gets_no_slot():
    slots = Slots(1)

    async def cancel():
        waiting = asyncio.create_task(slots.claim_async(DEADLINE_SECONDS))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])

    with slots.wait():
        asyncio.run(cancel())
    assert free_slots(slots) == 1


def test_the_first_in_the_queue_gets_the_slot_first():
    slots, order = Slots(1), []
    held = slots.wait()

    def work(number):
        with slots.wait():
            order.append(number)

    with ThreadPoolExecutor(3) as threads:
        for number in range(3):
            threads.submit(work, number)
            wait_for(lambda: slots.queue_length() == number + 1)  # noqa: B023
        held.release()
    assert order == [0, 1, 2]


def test_no_slot_is_lost_or_added_when_many_stop_waiting_at_the_same_moment():
    slots, held, most = Slots(2), [0], [0]
    lock = threading.Lock()

    def work(_):
        for _ in range(200):
            if slot := slots.claim(0.0001):
                with lock:
                    held[0] += 1
                    most[0] = max(most[0], held[0])
                with lock:
                    held[0] -= 1
                slot.release()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert most[0] <= 2
    assert free_slots(slots) == 2
