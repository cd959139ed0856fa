# The driver's methods and its health, for the gateway, and nothing else for anybody.
Kind = "service-intentions"
Name = "ray-head"
Sources = [
  {
    Name = "api-gateway"
    Permissions = [
      {
        Action = "allow"
        HTTP {
          PathExact = "/raygateway.driver.v1.RayDriver/Submit"
          Methods   = ["POST"]
        }
      },
      {
        Action = "allow"
        HTTP {
          PathExact = "/raygateway.driver.v1.RayDriver/Cancel"
          Methods   = ["POST"]
        }
      },
      {
        Action = "allow"
        HTTP {
          PathExact = "/raygateway.driver.v1.RayDriver/Describe"
          Methods   = ["POST"]
        }
      },
      {
        Action = "allow"
        HTTP {
          PathExact = "/raygateway.driver.v1.RayDriver/Health"
          Methods   = ["POST"]
        }
      },
      {
        Action = "allow"
        HTTP {
          PathExact = "/grpc.health.v1.Health/Check"
          Methods   = ["POST"]
        }
      }
    ]
  },
  {
    Name   = "*"
    Action = "deny"
  }
]
