Kind     = "service-defaults"
Name     = "ray-gcs"
Protocol = "grpc"
