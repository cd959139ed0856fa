//go:build tools

// Package consul only names the Consul agent, so that `go build` finds it among this module's requirements.
package consul

import _ "github.com/hashicorp/consul"
