import math
from typing import Any

import numpy as np
import pytest

from raygateway import Cancelled, ComputationError, Parameters, Progress
from raygateway.computations.heat_equation import HeatEquation
from raygateway.results import MOST_BYTES, to_json


class Heard(Progress):
    def __init__(self, stop_after: int = 10**9) -> None:
        self.percents: list[float] = []
        self._stop_after = stop_after

    def report(self, percent: float, message: str | None = None) -> None:
        self.percents.append(percent)

    def cancelled(self) -> bool:
        return len(self.percents) >= self._stop_after


def solve(progress: Progress | None = None, **changes: Any) -> dict[str, Any]:
    parameters = {"points": 63, "diffusivity": 0.1, "duration": 0.2, "steps": 64, "initial": "sine", "mode_x": 2}
    parameters |= {"mode_y": 1, "seed": 1} | changes
    return HeatEquation().run(Parameters(parameters), progress or Heard())


def test_sine_mode_decays_as_the_analytic_solution():
    result = solve()

    decay = math.exp(-0.1 * math.pi**2 * (2**2 + 1**2) * 0.2)
    axis = np.asarray(result["axis"])
    expected = decay * np.outer(np.sin(math.pi * axis), np.sin(2 * math.pi * axis))
    assert result["analytic_decay"] == pytest.approx(decay)
    np.testing.assert_allclose(result["field"], expected, atol=1e-3)
    assert result["largest_error"] < 1e-3


def test_error_falls_with_the_square_of_grid_and_step():
    coarse = solve(points=31, steps=32)["largest_error"]
    fine = solve(points=63, steps=64)["largest_error"]

    assert coarse / fine == pytest.approx(4, rel=0.05)


def test_stays_bounded_for_steps_far_beyond_the_explicit_limit():
    result = solve(initial="spots", duration=100.0, steps=5)

    assert np.abs(result["field"]).max() <= 5


def test_heat_leaves_the_plate_through_its_edges():
    result = solve(initial="spots", points=96)

    means = [sample["mean"] for sample in result["trace"]]
    assert all(later < earlier for earlier, later in zip(means, means[1:]))
    assert np.asarray(result["field"])[0].max() == 0


def test_same_seed_gives_the_same_result_and_another_another():
    first, again, other = (to_json(solve(initial="spots", seed=seed)) for seed in (5, 5, 6))

    assert first == again
    assert first != other


def test_largest_result_fits_into_a_status_message():
    result = solve(initial="spots", points=256, steps=100)

    assert np.shape(result["field"]) == (33, 33)
    assert len(to_json(result)) < MOST_BYTES / 10


def test_reports_progress_and_stops_when_cancelled():
    heard = Heard(stop_after=10)

    with pytest.raises(Cancelled):
        solve(heard)

    assert heard.percents == [100 * step / 64 for step in range(1, 11)]


def test_refuses_more_points_than_it_can_hold():
    with pytest.raises(ComputationError, match="`points` must lie in 8..256, got 4096"):
        solve(points=4096)
