# Beside its own service (a service identity): the live settings, to read.
key_prefix "ray-gateway/" {
  policy = "read"
}
