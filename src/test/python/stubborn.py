"""A computation that does not stop when it is asked to."""

import time

from raygateway import Computation


class Stubborn(Computation):
    def run(self, parameters, progress):
        progress.report(1, "deaf from here on")
        time.sleep(600)
        return {}
