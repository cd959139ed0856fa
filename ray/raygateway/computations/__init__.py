"""Computations that come with the gateway."""
