"""``grpc_call.py ADDRESS METHOD REQUEST``: one unary call, bytes in hexadecimal digits; prints its status and the reply."""

import sys

import grpc

address, method, request = sys.argv[1:]
with grpc.insecure_channel(address) as channel:
    try:
        reply = channel.unary_unary("/" + method)(bytes.fromhex(request), timeout=10)
        print("OK", reply.hex())
    except grpc.RpcError as failed:
        print(failed.code().name, "")
