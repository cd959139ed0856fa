package org.raygateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the numbers were taken on.
 *
 * @param load average number of runnable processes in the minute before: a busy machine makes the numbers worthless
 */
public record Machine(int cores, String processor, long memoryMegabytes, String java, String system, double load) {

    public static Machine here() throws IOException {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                value(Path.of("/proc/cpuinfo"), "model name"),
                Long.parseLong(value(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D+", "")) / 1024,
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]));
    }

    private static String value(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0 (unknown)");
    }
}
