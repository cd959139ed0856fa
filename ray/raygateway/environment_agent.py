"""Ray's agent for runtime environments, closed to web pages.

The agent listens on loopback and does what a plain HTTP POST says, such as installing a package, so that any page in a browser on
the machine could run code here. Its one caller, the raylet, is no browser: what a browser adds to a request gives it away.
"""

import os
import runpy
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

RAYS_OWN = os.path.join(os.path.dirname(find_spec("ray").origin), "_private", "runtime_env", "agent", "main.py")
"""The program that is guarded."""

_OF_BROWSERS = ("Origin", "Referer", "Sec-Fetch-Site", "Sec-Fetch-Mode")


def refuses(headers: Any) -> bool:
    """Whether a request with these headers comes from a web page, or calls this machine by a name of the page's."""
    host = headers.get("Host", "").partition(":")[0]
    is_address = host.replace(".", "").isdigit()
    return not is_address or any(name in headers for name in _OF_BROWSERS)


def _run() -> None:
    # Ray brings a copy of its own, which the agent finds first.
    sys.path.insert(0, os.path.join(os.path.dirname(RAYS_OWN), "thirdparty_files"))
    from aiohttp import web

    @web.middleware
    async def guard(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
        if refuses(request.headers):
            raise web.HTTPForbidden(text="only the raylet may ask this agent")
        return await handler(request)

    web.Application = partial(web.Application, middlewares=[guard])
    runpy.run_path(RAYS_OWN, run_name="__main__")


if __name__ == "__main__":
    _run()
