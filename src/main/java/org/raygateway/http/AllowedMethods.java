package org.raygateway.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.TreeSet;

/** Which methods a path takes, for the {@code Allow} header of a 405 (RFC 9110, 15.5.6). */
final class AllowedMethods {
    private final Router router;

    AllowedMethods(Router router) {
        this.router = router;
    }

    /** @return methods in alphabetical order, separated by a comma */
    String at(String path) {
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            if (route.methods() != null && matches(route, path)) {
                route.methods().stream().map(HttpMethod::name).forEach(methods::add);
            }
        }
        return String.join(", ", methods);
    }

    /** By segments, since the router calls every path with a parameter a regular expression. */
    private static boolean matches(Route route, String path) {
        if (route.getPath() == null) {
            return false;
        }
        String[] expected = route.getPath().split("/");
        String[] actual = path.split("/");
        if (expected.length != actual.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (!expected[i].startsWith(":") && !expected[i].equals(actual[i])) {
                return false;
            }
        }
        return true;
    }
}
