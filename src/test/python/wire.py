"""``wire.py CABLE TEXT...``: watches the packets of two interfaces, CABLE and lo, until its input ends.

For each line of input it prints, as JSON and for each interface: how many packets passed, to which TCP ports connections were
asked for, and which of the texts could be read. ``lost`` counts packets that the kernel dropped for want of room.
"""

import json
import select
import socket
import struct
import sys

ETH_P_ALL = 3
ETH_P_IP = 0x0800
SOL_PACKET, PACKET_STATISTICS = 263, 6
SO_RCVBUFFORCE = 33
ROOM = 64 << 20
SYN, ACK = 0x02, 0x10

cable, *texts = sys.argv[1:]
seen = {name: {"packets": 0, "asked": set(), "readable": set()} for name in (cable, "lo")}
lost = 0


def asked_port(packet):
    """The port that an IPv4 packet wants a TCP connection to, or None."""
    header = 4 * (packet[0] & 15)
    if packet[9] != socket.IPPROTO_TCP or len(packet) < header + 14:
        return None
    return struct.unpack_from("!H", packet, header + 2)[0] if packet[header + 13] & (SYN | ACK) == SYN else None


def note(interface, protocol, packet):
    found = seen[interface]
    found["packets"] += 1
    found["readable"].update(text for text in texts if text.encode() in packet)
    if protocol == ETH_P_IP and (port := asked_port(packet)):
        found["asked"].add(port)


# A datagram socket takes the link's header away, which is all that differs among interfaces.
with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL)) as packets:
    packets.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, ROOM)
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([packets, sys.stdin], [], [])
        if packets in ready:
            packet, (interface, protocol, *_) = packets.recvfrom(1 << 17)
            if interface in seen:
                note(interface, protocol, packet)
        elif not sys.stdin.readline():
            break
        else:
            lost += struct.unpack("II", packets.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
            print(json.dumps({"lost": lost, **seen}, default=sorted), flush=True)
