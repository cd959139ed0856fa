"""``open_ports.py ADDRESS PORT...``: prints those that take connections."""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor

address, *ports = sys.argv[1:]


def is_open(port):
    try:
        socket.create_connection((address, int(port)), timeout=3).close()
        return True
    except OSError:
        return False


with ThreadPoolExecutor(len(ports)) as pool:
    print("open", *[port for port, found in zip(ports, pool.map(is_open, ports)) if found])
