from collections.abc import Sequence
from threading import Event, Thread

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
