package org.raygateway.mesh;

import java.util.List;
import java.util.Locale;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;

/** The level of the gateway's own log, as a live setting. Libraries keep theirs: some of them log what they send. */
final class LogLevel {
    private static final String OWN = "org.raygateway";
    private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error");

    private LogLevel() {}

    static LiveSetting setting() {
        String configured = LogManager.getLogger(OWN).getLevel().name().toLowerCase(Locale.ROOT);
        return new LiveSetting(
                "log", "level", LEVELS, configured, level -> Configurator.setLevel(OWN, Level.valueOf(level)));
    }
}
