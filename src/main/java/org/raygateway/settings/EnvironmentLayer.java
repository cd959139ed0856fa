package org.raygateway.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Properties given as environment variables. */
final class EnvironmentLayer {
    private static final String OWN = "GATEWAY_";

    /** Read by log4j2.xml, before there are properties. */
    private static final Set<String> OTHERS = Set.of("GATEWAY_LOG_LEVEL");

    /**
     * What Kubernetes, and Docker before it, put into each process for a service whose name begins with "gateway":
     * {@code _SERVICE_HOST}, {@code _SERVICE_PORT[_NAME]}, {@code _PORT_8000_TCP[_ADDR]}; {@code _PORT} itself is one by its value.
     */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "GATEWAY_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private EnvironmentLayer() {}

    /**
     * @param known every property there is
     * @param errors takes a line for each variable that names none
     */
    static Map<String, String> read(
            Map<String, String> environment, Collection<String> known, Collection<String> errors) {
        Map<String, String> names = new TreeMap<>();
        known.forEach(key -> names.put(PropertySource.environmentName(key), key));
        Map<String, String> layer = new TreeMap<>();
        List<String> strangers = new ArrayList<>();
        environment.forEach((name, value) -> {
            if (names.containsKey(name)) {
                layer.put(names.get(name), value);
            } else if (name.startsWith(OWN) && !isOfOthers(name, value)) {
                strangers.add(name);
            }
        });
        strangers.stream()
                .sorted()
                .map(name -> "`" + name + "` in the environment names no property of the gateway"
                        + Spelling.nearest(name, names.keySet())
                                .map(meant -> ": did you mean `" + meant + "`?")
                                .orElse("; application.properties lists those there are"))
                .forEach(errors::add);
        return layer;
    }

    private static boolean isOfOthers(String name, String value) {
        return OTHERS.contains(name)
                || SERVICE_LINK.matcher(name).matches()
                || (name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches());
    }
}
