package org.raygateway.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.raygateway.ray.driver.DriverSettings;
import org.raygateway.ray.driver.DriverSupervisor;
import org.raygateway.ray.driver.RayClusterSettings;
import org.raygateway.settings.PropertySource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Runs the Ray driver beside a Ray head, as a process that is started again whenever Ray ends it. Where it publishes comes from the
 * environment, see {@link org.raygateway.ray.publish.ServiceBusSettings#fromEnvironment}.
 */
@Command(
        name = "driver",
        description = "Run the Ray driver beside a Ray head; started again whenever Ray ends it.",
        mixinStandardHelpOptions = true)
final class DriverCommand implements Callable<Integer> {
    private final Console console;
    private final Consumer<Runnable> onStop;

    @Option(names = "--child", hidden = true, description = "The supervised process itself.")
    private boolean child;

    @Mixin
    private PropertyOptions options = new PropertyOptions();

    DriverCommand(Console console, Consumer<Runnable> onStop) {
        this.console = console;
        this.onStop = onStop;
    }

    @Override
    public Integer call() {
        Path home = Path.of(System.getProperty("gateway.home", "")).toAbsolutePath();
        DriverSettings settings = DriverSettings.load(home, System.getenv(), Map.copyOf(options.properties()));
        return child ? DriverChild.run(settings, console, onStop) : supervise(settings);
    }

    private int supervise(DriverSettings settings) {
        DriverChild.checkEnvironment();
        Map<String, String> environment = new HashMap<>();
        // Not as arguments, which every user of the machine can read.
        options.properties().forEach((key, value) -> environment.put(PropertySource.environmentName(key), value));
        try (DriverSupervisor supervisor = new DriverSupervisor(childCommand(), environment, settings.cluster())) {
            onStop.accept(supervisor::close);
            supervisor.run();
        }
        return ExitCode.SUCCESS;
    }

    /** This very JVM with its options, so that the launcher's apply to the child too. */
    private static List<String> childCommand() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(RayClusterSettings.neededOptions());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), RayGateway.class.getName()));
        command.addAll(List.of("driver", "--child"));
        return command;
    }
}
