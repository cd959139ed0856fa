package org.raygateway.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.raygateway.problem.Problem;

/**
 * What every request has to pass before anything else sees it: it is plainly framed (RFC 9112, 3.2 and 6), it asks for a name that
 * is served here, and no page of another origin sends it. Loopback is no login: any page in a browser on this machine can send to it.
 */
final class RequestGuard {
    private static final int SHOWN = 60;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final ServedNames names;

    RequestGuard(ServedNames names) {
        this.names = names;
    }

    /**
     * @param local where the connection came in
     * @return why the request is refused, null where it may pass
     */
    Problem refusal(HttpRequest request, InetAddress local) {
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return Problem.of(501, "Not implemented", "This port speaks HTTP/1.1 and HTTP/1.0.");
        }
        Problem framing = framing(request.headers(), version);
        if (framing != null) {
            return framing;
        }
        Authority host = null;
        List<String> hosts = request.headers().getAll("Host");
        if (!hosts.isEmpty() || version.equals(HttpVersion.HTTP_1_1)) {
            host = hosts.size() == 1 ? Authority.parse(hosts.get(0)).orElse(null) : null;
            if (host == null) {
                return malformed("A request must have one `Host` header: a name or an address, and a port if need be.");
            }
            if (!names.contains(host, local)) {
                return misdirected(host.host());
            }
        }
        Problem target = target(request.uri(), local);
        return target != null ? target : origin(request.headers(), host);
    }

    /** Where the length of a body is in doubt, two readers may see two different next requests. */
    private static Problem framing(HttpHeaders headers, HttpVersion version) {
        List<String> encodings = headers.getAll("Transfer-Encoding");
        if (!encodings.isEmpty()) {
            boolean chunked = encodings.size() == 1 && encodings.get(0).trim().equalsIgnoreCase("chunked");
            if (!chunked || headers.contains("Content-Length") || !version.equals(HttpVersion.HTTP_1_1)) {
                return malformed("`Transfer-Encoding` must be `chunked`, in HTTP/1.1, without a `Content-Length`.");
            }
        }
        String expected = headers.get("Expect");
        return expected == null || expected.trim().equalsIgnoreCase("100-continue")
                ? null
                : Problem.of(417, "Expectation failed", "The only expectation that can be met is `100-continue`.");
    }

    /** A whole URI as the target names a host too, and that one counts (RFC 9112, 3.2.2). */
    private Problem target(String uri, InetAddress local) {
        if (uri.startsWith("/") || uri.equals("*")) {
            return null;
        }
        Optional<Authority> named = authority(uri);
        if (named.isEmpty()) {
            return malformed("The request's target must be a path such as /jobs.");
        }
        return names.contains(named.get(), local)
                ? null
                : misdirected(named.get().host());
    }

    private Problem origin(HttpHeaders headers, Authority host) {
        List<String> origins = headers.getAll("Origin");
        boolean own = origins.size() == 1 && isOwn(origins.get(0), host);
        if (!origins.isEmpty() && !own) {
            return forbidden(
                    "its `Origin` is not the one it was sent to. A proxy in front must pass the `Host` header on");
        }
        for (String site : headers.getAll("Sec-Fetch-Site")) {
            boolean from = site.equals("same-origin") || site.equals("none") || site.equals("same-site") && own;
            if (!from) {
                return forbidden("`Sec-Fetch-Site` says that a page of another origin sent it");
            }
        }
        return null;
    }

    private boolean isOwn(String origin, Authority host) {
        Authority from = host == null ? null : authority(origin).orElse(null);
        if (from == null) {
            return false;
        }
        return origin.startsWith("http://")
                ? from.isSameAs(host, HTTP)
                : names.mayBeBehindTls(from) && from.isSameAs(host, HTTPS);
    }

    private static Optional<Authority> authority(String uri) {
        int start =
                uri.startsWith("http://") ? "http://".length() : uri.startsWith("https://") ? "https://".length() : -1;
        if (start < 0) {
            return Optional.empty();
        }
        int end = uri.length();
        for (char delimiter : new char[] {'/', '?', '#'}) {
            int found = uri.indexOf(delimiter, start);
            end = found < 0 ? end : Math.min(end, found);
        }
        return Authority.parse(uri.substring(start, end));
    }

    private static Problem malformed(String detail) {
        return Problem.of(400, "Malformed request", detail);
    }

    private static Problem misdirected(String host) {
        String shown = host.length() > SHOWN ? host.substring(0, SHOWN) + "..." : host;
        return Problem.of(
                421,
                "Misdirected request",
                "This port is not served under the name `" + shown + "`; `gateway.http.allowed-hosts` adds names.");
    }

    private static Problem forbidden(String reason) {
        return Problem.of(403, "Forbidden", "Web pages of other origins may not send requests here: " + reason + ".");
    }
}
