# Ray's nodes among themselves. What is behind them is decided by Ray's own ports alone: neither the driver nor GCS is there.
Kind = "service-intentions"
Name = "ray-node"
Sources = [
  {
    Name   = "ray-node"
    Action = "allow"
  },
  {
    Name   = "*"
    Action = "deny"
  }
]
