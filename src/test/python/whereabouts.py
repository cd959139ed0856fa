"""A computation that tells on which machine it ran, where machines are network namespaces."""

import os

from raygateway import Computation


class Whereabouts(Computation):
    def run(self, parameters, progress):
        return {"namespace": os.stat("/proc/self/ns/net").st_ino}
