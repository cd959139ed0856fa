package org.raygateway.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The host names under which a port may be addressed. A page whose own name has been made to point here (DNS rebinding) comes
 * with another. Ports do not count: tunnels and proxies have ports of their own.
 */
final class ServedNames {
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private final Set<String> names = new HashSet<>(LOOPBACK);
    private final Set<String> further;

    /**
     * @param host the configured one
     * @param further what {@code gateway.http.allowed-hosts} adds: proxies may be in front of these, with TLS
     */
    ServedNames(String host, Collection<String> further) {
        Authority.parse(host.indexOf(':') < 0 ? host : "[" + host + "]").ifPresent(own -> names.add(own.host()));
        names.addAll(further);
        this.further = Set.copyOf(further);
    }

    /** @param local where the connection came in; its address is always a name of it, since an address cannot be rebound */
    boolean contains(Authority asked, InetAddress local) {
        return names.contains(asked.host()) || isAddress(asked.host(), local);
    }

    private static boolean isAddress(String host, InetAddress local) {
        return local != null && local.equals(NetUtil.createInetAddressFromIpAddressString(host));
    }

    /** Whether pages of this name may have come by https although this port speaks none. */
    boolean mayBeBehindTls(Authority asked) {
        return further.contains(asked.host());
    }
}
