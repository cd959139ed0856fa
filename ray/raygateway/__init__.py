"""Computations in Python for Ray Gateway. People who write one need these names only."""

from raygateway.computation import Cancelled, Computation, ComputationError, Progress
from raygateway.parameters import Parameters

__all__ = ["Cancelled", "Computation", "ComputationError", "Parameters", "Progress"]
