# A worker takes part in the cluster but registers no job: whoever takes a worker over can neither start
# a driver of its own there nor end the others'.
Kind = "service-intentions"
Name = "ray-gcs"
Sources = [
  {
    Name = "ray-node"
    Permissions = [
      {
        Action = "deny"
        HTTP {
          PathPrefix = "/ray.rpc.JobInfoGcsService/AddJob"
        }
      },
      {
        Action = "deny"
        HTTP {
          PathPrefix = "/ray.rpc.JobInfoGcsService/GetNextJobID"
        }
      },
      {
        Action = "deny"
        HTTP {
          PathPrefix = "/ray.rpc.JobInfoGcsService/MarkJobFinished"
        }
      },
      {
        Action = "allow"
        HTTP {
          PathPrefix = "/ray.rpc."
        }
      }
    ]
  },
  {
    Name   = "*"
    Action = "deny"
  }
]
