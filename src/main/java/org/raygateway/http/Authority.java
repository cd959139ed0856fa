package org.raygateway.http;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Optional;

/**
 * Host and port as they stand in {@code Host} and {@code Origin} (RFC 3986, 3.2).
 *
 * @param host in lower case; an IPv6 address in its shortest form, without brackets
 * @param port -1 where none is given
 */
record Authority(String host, int port) {
    private static final int MAX_HOST = 253;
    private static final int MAX_PORT_DIGITS = 5;
    private static final int MAX_PORT = 65535;

    /** @return nothing where the text is no host with an optional port */
    static Optional<Authority> parse(String text) {
        int end = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        if (end == 0) {
            return Optional.empty();
        }
        String host = end < 0 ? text : text.substring(0, end);
        String rest = end < 0 ? "" : text.substring(end);
        String name = host.startsWith("[") ? ipv6(host) : name(host);
        int port = port(rest);
        return name == null || port < -1 ? Optional.empty() : Optional.of(new Authority(name, port));
    }

    private static String name(String host) {
        if (host.isEmpty() || host.length() > MAX_HOST) {
            return null;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letter && c != '.' && c != '-' && c != '_') {
                return null;
            }
        }
        return host.toLowerCase(Locale.ROOT);
    }

    private static String ipv6(String bracketed) {
        String address = bracketed.substring(1, bracketed.length() - 1);
        return address.indexOf('%') < 0 && NetUtil.isValidIpV6Address(address)
                ? NetUtil.toAddressString(NetUtil.createInetAddressFromIpAddressString(address))
                : null;
    }

    /** @return -1 for none, -2 for junk */
    private static int port(String rest) {
        if (rest.isEmpty() || rest.equals(":")) {
            return -1;
        }
        String digits = rest.substring(1);
        if (rest.charAt(0) != ':'
                || digits.length() > MAX_PORT_DIGITS
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -2;
        }
        int port = Integer.parseInt(digits);
        return port <= MAX_PORT ? port : -2;
    }

    /** @param standard the port that goes without saying */
    boolean isSameAs(Authority other, int standard) {
        return host.equals(other.host) && portOr(standard) == other.portOr(standard);
    }

    private int portOr(int standard) {
        return port < 0 ? standard : port;
    }
}
