"""The steps with the unmodified Python SDK; SdkTableIT runs them. Other suites have the same ones, by the same names and in the same order.

Writes a line of JSON for each step, see ForeignSuite.
"""

import os
import sys
from contextlib import ExitStack
from threading import Thread

# Their import registers their steps, in this order.
import messages
import entities
import refusals
from bus import STEPS, Bus, Step, say

SECONDS = 30


def within(seconds: float, queue: str, function: Step) -> tuple[str, str]:
    """Outcome and detail of a step; one that hangs is left behind."""
    found = [("fails", f"no end within {seconds} s")]

    def run() -> None:
        try:
            with ExitStack() as opened:
                outcome = function(Bus(queue, opened))
            found.append((outcome, ""))
        except BaseException as failure:
            found.append(("fails", f"{type(failure).__name__}: {failure}"))

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    return found[-1]


for number, (name, function) in enumerate(STEPS.items(), 1):
    outcome, detail = within(SECONDS, f"sdk-{number}", function)
    say(capability=name, outcome=outcome, detail=detail)
# Threads that were left behind must not hold up the end.
sys.stdout.flush()
os._exit(0)
