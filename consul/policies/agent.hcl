# Consul's agents: their own node's entry, and reading services to keep their catalogue in step.
node_prefix "" {
  policy = "write"
}
service_prefix "" {
  policy = "read"
}
