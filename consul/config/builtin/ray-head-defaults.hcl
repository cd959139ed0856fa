# For MESH_PROXY=builtin: Consul's own proxy passes bytes on and knows nothing of paths.
Kind     = "service-defaults"
Name     = "ray-head"
Protocol = "tcp"
