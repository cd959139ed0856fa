package org.raygateway.mesh;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.raygateway.settings.PropertyReader;

/**
 * How the gateway takes part in Consul.
 *
 * @param enabled false: nothing of Consul is touched
 * @param url of the agent on this machine
 * @param token ACL token, empty where Consul has no ACLs
 * @param service name of the gateway's service
 * @param serviceId of this gateway among those of the agent; empty: named after its port
 * @param computeService whose health counts for the gateway's readiness
 * @param settingsKey of the live settings in Consul's KV store
 * @param heartbeat period of everything the gateway asks and tells
 * @param ttl silence after which Consul takes the gateway for dead
 */
public record ConsulSettings(
        boolean enabled,
        URI url,
        String token,
        String service,
        String serviceId,
        String computeService,
        String settingsKey,
        Duration heartbeat,
        Duration ttl) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62})");
    private static final Duration LONGEST_TTL = Duration.ofHours(1);

    public static ConsulSettings from(PropertyReader properties) {
        Duration heartbeat =
                properties.duration("gateway.consul.heartbeat", Duration.ofMillis(100), Duration.ofMinutes(10));
        Duration ttl = properties.duration("gateway.consul.ttl", Duration.ofSeconds(1), LONGEST_TTL);
        if (ttl.compareTo(heartbeat) <= 0) {
            properties.reject("`gateway.consul.ttl` must be longer than `gateway.consul.heartbeat`, got "
                    + properties.text("gateway.consul.ttl") + " and " + properties.text("gateway.consul.heartbeat"));
        }
        return new ConsulSettings(
                properties.flag("gateway.consul.enabled"),
                url(properties),
                properties.text("gateway.consul.token"),
                name(properties, "gateway.consul.service"),
                properties.text("gateway.consul.service-id"),
                name(properties, "gateway.consul.compute-service"),
                properties.required("gateway.consul.settings-key"),
                heartbeat,
                ttl);
    }

    private static URI url(PropertyReader properties) {
        String text = properties.required("gateway.consul.url");
        try {
            URI url = new URI(text);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (URISyntaxException unreadable) {
            // told below
        }
        properties.reject("`gateway.consul.url` must be a URL such as http://127.0.0.1:8500, got `" + text + "`");
        return URI.create("http://127.0.0.1:8500");
    }

    private static String name(PropertyReader properties, String key) {
        String name = properties.required(key);
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            properties.reject("`" + key + "` must be a name of letters, digits and hyphens, got `" + name + "`");
        }
        return name;
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "ConsulSettings[enabled=" + enabled + ", url=" + url + ", service=" + service + "]";
    }
}
