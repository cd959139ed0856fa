"""Heat that spreads in a plate."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from raygateway import Computation, Parameters, Progress

_COARSE = 33
_TRACE = 50

Field = NDArray[np.float64]


class HeatEquation(Computation):
    """Solves u_t = D (u_xx + u_yy) on the unit square whose edges are kept at 0.

    Takes ``points`` (inner grid points along a side), ``diffusivity`` D (area per time), ``duration``, ``steps``,
    ``initial`` (``sine``: the mode sin(a pi x) sin(b pi y) with a = ``mode_x``, b = ``mode_y``; ``spots``: five hot spots
    placed by ``seed``). Gives ``field``: rows of temperatures at ``axis`` x ``axis``, edges included, for plotting;
    ``trace``: mean and highest temperature over time; and for ``sine`` the ``largest_error`` against the analytic
    decay exp(-D pi^2 (a^2 + b^2) t). The same parameters give the same result.

    The scheme is alternating directions (Peaceman and Rachford, 1955): second order in space and time, and stable for
    every step.
    """

    def run(self, parameters: Parameters, progress: Progress) -> dict[str, Any]:
        points = parameters.whole("points", 8, 256)
        diffusivity = parameters.decimal("diffusivity", 1e-9, 1e3)
        duration = parameters.decimal("duration", 1e-9, 1e6)
        steps = parameters.whole("steps", 1, 1_000_000)
        axis = np.linspace(0, 1, points + 2)[1:-1]
        start = _initial(parameters, axis)

        half_step = _half_step(points, diffusivity * duration / steps)
        field = start
        trace = [_sample(0.0, field)]
        for step in range(1, steps + 1):
            progress.throw_if_cancelled()
            field = half_step @ field @ half_step
            if step * _TRACE // steps > (step - 1) * _TRACE // steps:
                trace.append(_sample(duration * step / steps, field))
            progress.report(100 * step / steps, f"step {step} of {steps}")

        result = {"points": points, "steps": steps, "duration": duration, "trace": trace, **_coarse(field)}
        if parameters["initial"] == "sine":
            decay = np.exp(-diffusivity * duration * np.pi**2 * _wave_number_squared(parameters))
            result["analytic_decay"] = decay
            result["largest_error"] = np.abs(field - decay * start).max()
        return result


def _initial(parameters: Parameters, axis: Field) -> Field:
    if parameters.choice("initial", ("sine", "spots")) == "sine":
        a, b = _modes(parameters)
        return np.outer(np.sin(b * np.pi * axis), np.sin(a * np.pi * axis))
    random = np.random.default_rng(parameters.whole("seed", 0, 2**63 - 1))
    field = np.zeros((axis.size, axis.size))
    for x, y, width in zip(random.uniform(0.2, 0.8, 5), random.uniform(0.2, 0.8, 5), random.uniform(0.03, 0.1, 5)):
        field += np.outer(np.exp(-(((axis - y) / width) ** 2)), np.exp(-(((axis - x) / width) ** 2)))
    return field


def _modes(parameters: Parameters) -> tuple[int, int]:
    return parameters.whole("mode_x", 1, 8), parameters.whole("mode_y", 1, 8)


def _wave_number_squared(parameters: Parameters) -> int:
    a, b = _modes(parameters)
    return a * a + b * b


def _half_step(points: int, spread: float) -> Field:
    """The matrix P of one step, u -> P u P.

    Both directions have the same second difference L, and all factors commute: the two half steps of the scheme come to
    P = (1 - rL)^-1 (1 + rL) from either side.

    :param spread: diffusivity times the time of a step
    """
    difference = np.diag(np.full(points, -2.0)) + np.eye(points, k=1) + np.eye(points, k=-1)
    r_difference = spread / 2 * (points + 1) ** 2 * difference
    identity = np.eye(points)
    return np.linalg.solve(identity - r_difference, identity + r_difference)


def _sample(time: float, field: Field) -> dict[str, float]:
    return {"time": time, "mean": float(field.mean()), "highest": float(field.max())}


def _coarse(field: Field) -> dict[str, Field]:
    """Grid points of the field, at most 33 along a side."""
    whole = np.pad(field, 1)
    chosen = np.linspace(0, whole.shape[0] - 1, min(_COARSE, whole.shape[0])).round().astype(int)
    return {"axis": (chosen / (whole.shape[0] - 1)).round(6), "field": whole[np.ix_(chosen, chosen)].round(6)}
