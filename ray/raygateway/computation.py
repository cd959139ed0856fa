"""The interface between a computation and whatever runs it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any


class ComputationError(Exception):
    """Ends a computation with a line that the caller sees: what was expected, what came, what to do.

    No secrets, no inner workings. It is cut after 1,000 characters, and line breaks and control characters become blanks.
    """


class Cancelled(BaseException):
    """Leaves a computation that should stop; to be let through. No ``Exception``, so that no broad handler swallows it."""


class Progress(ABC):
    """The way out of a running computation: how far it is, and whether it should go on. Safe to use from any thread."""

    @abstractmethod
    def report(self, percent: float, message: str | None = None) -> None:
        """Says how far the job is.

        May be called as often as is convenient: reports are thinned out before they are published, and one that goes
        back is ignored.

        :param percent: of the work done; taken as 0-99, since 100 comes with the result, and NaN as 0
        :param message: one line for a person
        """

    @abstractmethod
    def cancelled(self) -> bool:
        """Whether the job was cancelled or ran out of time: stop soon, the result is not wanted any more."""

    def throw_if_cancelled(self) -> None:
        """Leaves the computation once it is :meth:`cancelled`."""
        if self.cancelled():
            raise Cancelled("the job should stop")


class Computation(ABC):
    """A computation that callers may start by its name in the catalogue, whose ``entry-point`` is ``module:Class``.

    The constructor takes no arguments. A dedicated computation gets a new instance for each job. A pooled one keeps its
    instance, one job at a time: what it holds stays warm, and must not let one job see another's data::

        class Halve(Computation):
            def run(self, parameters, progress):
                number = parameters.decimal("number", -1e9, 1e9)
                progress.report(50, "half way")
                return {"half": number / 2}
    """

    @abstractmethod
    def run(self, parameters: "Parameters", progress: Progress) -> Mapping[str, Any]:  # noqa: F821
        """Runs one job.

        Long loops call :meth:`Progress.throw_if_cancelled` or look at :meth:`Progress.cancelled` at least a few times a
        second, else a cancel or a timeout ends them by force.

        :param parameters: a :class:`raygateway.Parameters`
        :return: the result, written as a JSON object of at most 248 KiB. It may hold texts, finite numbers, truth values, None,
            lists, tuples, mappings with texts as keys, dataclasses, and NumPy's scalars and arrays of numbers and texts. All else fails
            the job and tells the caller what stood where
        :raises ComputationError: to tell the caller why it failed; any other exception is shown as a general message,
            with the details in the log
        """
