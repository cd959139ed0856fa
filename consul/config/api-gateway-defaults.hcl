Kind     = "service-defaults"
Name     = "api-gateway"
Protocol = "http"
