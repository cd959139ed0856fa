"""Finds the class that a catalogue entry names."""

from importlib import import_module

from raygateway.computation import Computation, ComputationError


def load(entry_point: str) -> type[Computation]:
    """
    :param entry_point: ``module:Class``
    :raises ComputationError: where there is no such computation
    """
    module_name, separator, class_name = entry_point.partition(":")
    if not (module_name and separator and class_name):
        raise ComputationError(f"an entry point must be module:Class, got {entry_point}")
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as missing:
        if missing.name is not None and f"{module_name}.".startswith(f"{missing.name}."):
            raise ComputationError(f"there is no module {module_name} on this Ray node") from missing
        raise
    found = getattr(module, class_name, None)
    if not (isinstance(found, type) and issubclass(found, Computation)):
        raise ComputationError(f"{entry_point} is not a raygateway.Computation")
    return found
