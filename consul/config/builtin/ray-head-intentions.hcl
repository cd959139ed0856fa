# For MESH_PROXY=builtin: the gateway may call every method that the driver serves.
Kind = "service-intentions"
Name = "ray-head"
Sources = [
  {
    Name   = "api-gateway"
    Action = "allow"
  },
  {
    Name   = "*"
    Action = "deny"
  }
]
