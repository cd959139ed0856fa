Kind     = "service-defaults"
Name     = "ray-head"
Protocol = "grpc"
