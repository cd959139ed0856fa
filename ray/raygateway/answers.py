"""Whether gRPC servers answer: ``python answers.py SECONDS ADDRESS...``. A port that listens says nothing of a process that hangs.

Ends with 0 where all say that they serve, with 2 where all answer but one does not serve, else with 1; names those that do not serve.
Run as a file of its own, since importing Ray takes longer than asking.
"""

import sys

import grpc

_SERVING = b"\x08\x01"
_FINE, _SILENT, _NOT_SERVING = 0, 1, 2


def _look(asked: grpc.Future, seconds: float) -> int:
    try:
        return _FINE if asked.result(seconds + 1) == _SERVING else _NOT_SERVING
    except grpc.RpcError as failure:
        return _SILENT if failure.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED) else _NOT_SERVING
    except grpc.FutureTimeoutError:
        return _SILENT


def main(seconds: float, addresses: list[str]) -> int:
    channels = {address: grpc.insecure_channel(address, [("grpc.enable_http_proxy", 0)]) for address in addresses}
    asked = {
        address: channel.unary_unary("/grpc.health.v1.Health/Check").future(b"", timeout=seconds)
        for address, channel in channels.items()
    }
    looks = {address: _look(future, seconds) for address, future in asked.items()}
    for address, look in looks.items():
        if look != _FINE:
            print(f"{address} {'does not answer' if look == _SILENT else 'answers, but is not ready'}")
    if _SILENT in looks.values():
        return _SILENT
    return max(looks.values(), default=_FINE)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
