package org.raygateway.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.raygateway.settings.PropertyReader;
import org.raygateway.settings.SettingsException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long to bear with a gateway that is away while a job is followed. */
final class FollowOptions {
    private static final String NAME = "--patience";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = NAME,
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long a gateway may be away, as while it restarts, before the job is given up (default:"
                    + " ${DEFAULT-VALUE}).")
    private String patience;

    Duration patience() {
        PropertyReader reader = new PropertyReader(Map.of(NAME, patience), Path.of(""));
        Duration time = reader.duration(NAME, Duration.ZERO, Duration.ofDays(1));
        try {
            reader.throwIfInvalid();
            return time;
        } catch (SettingsException wrong) {
            throw new ParameterException(command.commandLine(), wrong.getMessage());
        }
    }
}
