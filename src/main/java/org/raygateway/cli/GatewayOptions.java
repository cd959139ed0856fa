package org.raygateway.cli;

import java.net.URI;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which gateway to talk to, how long to wait for an answer, and in which form to print it. */
final class GatewayOptions {
    private static final String DEFAULT_URL = "http://127.0.0.1:8000";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The gateway (default: $RAY_GATEWAY_URL, or " + DEFAULT_URL + ").")
    private String url;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Longest wait for one answer (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(names = "--json", description = "Print JSON, for machines.")
    private boolean json;

    boolean json() {
        return json;
    }

    GatewayClient client() {
        return new GatewayClient(address(), timeout());
    }

    private Duration timeout() {
        if (timeoutSeconds < 1 || timeoutSeconds > 3600) {
            throw usage("--timeout must lie in 1..3600 seconds, got " + timeoutSeconds);
        }
        return Duration.ofSeconds(timeoutSeconds);
    }

    private URI address() {
        String text = url != null ? url : System.getenv().getOrDefault("RAY_GATEWAY_URL", DEFAULT_URL);
        URI uri = parse(text);
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
            throw notAnAddress(text);
        }
        return uri;
    }

    private URI parse(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException notAUri) {
            throw notAnAddress(text);
        }
    }

    private ParameterException notAnAddress(String text) {
        return usage("the gateway's URL must look like " + DEFAULT_URL + ", got `" + text + "`");
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
