from collections.abc import Callable, Iterator, Sequence
from threading import Event, Thread

import pytest

from raygateway.publish import StatusPublisher
from raygateway.publish.event_queue import EventQueue
from raygateway.status import Status, StatusEvent

_JOB = "8c3a4f7e-9f0b-4c0e-8b36-0a1a3c1c9a11"


def event(sequence: int, status: Status = Status.RUNNING) -> StatusEvent:
    return StatusEvent(_JOB, status, 1, 1, sequence)


class FlakySender:
    """Fails so many times, then takes at most two events at once."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.connections = 0
        self.sent: list[int] = []
        self.gate = Event()
        self.gate.set()

    def connect(self) -> "FlakySender":
        self.connections += 1
        return self

    def open(self) -> None:
        pass

    def send(self, events: Sequence[StatusEvent]) -> int:
        self.gate.wait(10)
        if self.failures > 0:
            self.failures -= 1
            raise ConnectionError("the broker is away")
        self.sent += [event.sequence for event in events[:2]]
        return min(2, len(events))

    def close(self) -> None:
        pass


def test_sends_all_events_in_order():
    sender = FlakySender()
    publisher = StatusPublisher(sender.connect)

    for sequence in range(1, 8):
        publisher.publish(event(sequence))

    assert publisher.flush(10)
    assert sender.sent == list(range(1, 8))
    publisher.close()


def test_sends_again_over_a_new_connection_until_confirmed():
    sender = FlakySender(failures=3)
    publisher = StatusPublisher(sender.connect, first_pause=0.001)

    publisher.publish(event(2, Status.COMPLETED))

    assert publisher.flush(10)
    assert (sender.sent, sender.connections) == ([2], 4)
    publisher.close()


def test_keeps_the_ending_while_a_full_topic_refuses_and_says_so_once(caplog):
    sender = FlakySender(failures=8)
    publisher = StatusPublisher(sender.connect, capacity=5, first_pause=0.001)

    for sequence in range(1, 50):
        publisher.publish(event(sequence))
    assert publisher.publish(event(50, Status.COMPLETED))

    assert publisher.flush(30)
    assert sender.sent[0] == 1
    assert sender.sent[-1] == 50
    assert len([record for record in caplog.records if "could not be sent" in record.message]) == 1
    publisher.close()


def test_close_sends_what_waits_and_takes_no_more():
    sender = FlakySender()
    sender.gate.clear()
    publisher = StatusPublisher(sender.connect)
    for sequence in range(1, 6):
        publisher.publish(event(sequence))

    sender.gate.set()
    publisher.close()

    assert sender.sent == [1, 2, 3, 4, 5]
    assert not publisher.publish(event(6))


class HangingSenders:
    """Makes senders of which the first ones never come back from a call until they are let go."""

    def __init__(self, hang_in: str, hanging: int = 1) -> None:
        self.hang_in = hang_in
        self.hanging = hanging
        self.release = Event()
        self.came_back = Event()
        self.made: list[HangingSenders.Sender] = []
        self.sent: list[int] = []

    def connect(self) -> "HangingSenders.Sender":
        self.made.append(HangingSenders.Sender(self, len(self.made) < self.hanging))
        return self.made[-1]

    class Sender:
        def __init__(self, senders: "HangingSenders", hangs: bool) -> None:
            self.senders = senders
            self.hangs = hangs
            self.closed = False

        def _maybe_hang(self, call: str) -> None:
            if self.hangs and call == self.senders.hang_in:
                self.senders.release.wait()
                self.senders.came_back.set()

        def open(self) -> None:
            self._maybe_hang("open")

        def send(self, events: Sequence[StatusEvent]) -> int:
            self._maybe_hang("send")
            if self.hangs:
                raise ConnectionError("the broker is away")
            self.senders.sent += [event.sequence for event in events]
            return len(events)

        def close(self) -> None:
            self.closed = True
            self._maybe_hang("close")


@pytest.fixture
def hanging() -> Iterator[Callable[..., HangingSenders]]:
    made: list[HangingSenders] = []

    def make(hang_in: str, hanging: int = 1) -> HangingSenders:
        made.append(HangingSenders(hang_in, hanging))
        return made[-1]

    yield make
    for senders in made:
        senders.release.set()


def impatient(senders: HangingSenders) -> StatusPublisher:
    return StatusPublisher(senders.connect, first_pause=0.001, call_patience=0.05)


@pytest.mark.parametrize("call", ["open", "send", "close"])
def test_goes_on_in_order_with_a_new_sender_where_one_never_comes_back(hanging, call):
    senders = hanging(call, 3)
    publisher = impatient(senders)

    for sequence in range(1, 4):
        publisher.publish(event(sequence))
    publisher.publish(event(4, Status.COMPLETED))

    assert publisher.flush(10)
    assert senders.sent == [1, 2, 3, 4]
    assert [sender.closed for sender in senders.made] == [True, True, True, False]
    publisher.close()


def test_does_not_take_the_word_of_a_sender_that_comes_back_too_late(hanging):
    senders = hanging("send")
    publisher = impatient(senders)
    publisher.publish(event(1))
    assert publisher.flush(10)

    senders.release.set()
    assert senders.came_back.wait(10)
    publisher.publish(event(2, Status.COMPLETED))

    assert publisher.flush(10)
    assert senders.sent == [1, 2]
    publisher.close()


def test_leaves_few_senders_behind_and_goes_on_when_they_come_back(hanging):
    senders = hanging("send", 4)
    publisher = impatient(senders)
    publisher.publish(event(1, Status.COMPLETED))

    unsent = publisher.flush(2)
    made = len(senders.made)
    senders.release.set()

    assert not unsent
    assert made == 4
    assert publisher.flush(10)
    assert senders.sent == [1]
    publisher.close()


def test_survives_what_ends_other_threads():
    class Leaving(FlakySender):
        def open(self) -> None:
            if self.connections == 1:
                raise SystemExit(3)

    sender = Leaving()
    publisher = StatusPublisher(sender.connect, first_pause=0.001)
    publisher.publish(event(1, Status.COMPLETED))

    assert publisher.flush(10)
    assert (sender.sent, sender.connections) == ([1], 2)
    publisher.close()


def test_progress_gives_way_where_the_queue_is_full():
    queue = EventQueue(3)
    taken = [queue.offer(event(sequence), 0) for sequence in (1, 2, 3, 4)]

    terminal = queue.offer(event(5, Status.FAILED), 0)

    assert taken == [True, True, True, False]
    assert terminal
    assert [waiting.sequence for waiting in queue.await_oldest(10)] == [1, 3, 5]


def test_terminal_event_waits_for_room():
    queue = EventQueue(1)
    first = event(1)
    queue.offer(first, 0)
    refused = queue.offer(event(2, Status.FAILED), 0.001)

    waiting = Thread(target=queue.offer, args=(event(3, Status.FAILED), 10))
    waiting.start()
    queue.sent([first])
    waiting.join(10)

    assert not refused
    assert [left.sequence for left in queue.await_oldest(10)] == [3]


def test_forgets_only_what_was_sent_where_progress_was_dropped_meanwhile():
    queue = EventQueue(3)
    events = [event(1), event(2), event(3)]
    for waiting in events:
        queue.offer(waiting, 0)
    sending = queue.await_oldest(3)

    queue.offer(event(4, Status.COMPLETED), 0)
    queue.sent(sending)
    queue.close()

    assert [left.sequence for left in queue.await_oldest(10)] == [4]
