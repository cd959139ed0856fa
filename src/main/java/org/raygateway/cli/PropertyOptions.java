package org.raygateway.cli;

import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Properties given on the command line, stronger than file and environment. */
final class PropertyOptions {
    @Option(
            names = {"-D", "--set"},
            paramLabel = "PROPERTY=VALUE",
            description = "Sets a property, such as gateway.http.port=9000; may be repeated.")
    private Map<String, String> properties = new HashMap<>();

    Map<String, String> properties() {
        return properties;
    }
}
