package org.raygateway.mesh;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings that operators change in Consul's KV store while the gateway runs. Each value is whole: what it does not name is
 * as the properties say. A value that is wrong anywhere changes nothing.
 */
public final class LiveSettings {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);

    private final String key;
    private final List<LiveSetting> settings;
    private final LiveSettingsReader reader;
    private Map<String, String> inForce;
    private String lastSeen;
    private String refused;

    LiveSettings(String key, List<LiveSetting> settings) {
        this.key = key;
        this.settings = settings;
        this.reader = new LiveSettingsReader(settings);
        this.inForce = with(Map.of());
    }

    /** Route step: takes the key's value. The watch repeats it now and then. */
    public synchronized void apply(String value) {
        if (value != null && value.equals(lastSeen)) {
            return;
        }
        lastSeen = value;
        try {
            Map<String, String> wanted = with(reader.read(value));
            settings.stream()
                    .filter(setting -> !wanted.get(setting.path()).equals(inForce.get(setting.path())))
                    .forEach(setting -> setting.apply().accept(wanted.get(setting.path())));
            inForce = wanted;
            refused = null;
            LOG.info("Live settings from Consul's key {}: {}", key, show());
        } catch (IllegalArgumentException wrong) {
            refused = wrong.getMessage();
            LOG.error("Consul's key {} is refused, {} stays in force: {}", key, show(), refused);
        }
    }

    private Map<String, String> with(Map<String, String> named) {
        Map<String, String> all = new TreeMap<>();
        settings.forEach(setting -> all.put(setting.path(), named.getOrDefault(setting.path(), setting.configured())));
        return all;
    }

    private String show() {
        return inForce.toString();
    }

    /** What is in force, for {@code /observe/health}. */
    synchronized String describe() {
        return refused == null ? show() : show() + "; the value in Consul is refused: " + refused;
    }
}
