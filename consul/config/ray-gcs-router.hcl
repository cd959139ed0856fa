# Ray's long polls stay open for as long as nothing happens: no deadline in the caller's sidecar either.
Kind = "service-router"
Name = "ray-gcs"
Routes = [
  {
    Match {
      HTTP {
        PathPrefix = "/"
      }
    }
    Destination {
      RequestTimeout = "-1s"
      IdleTimeout    = "-1s"
    }
  }
]
