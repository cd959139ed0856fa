package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists jobs, newest first. */
@Command(name = "list", description = "List jobs, newest first.", mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    private static final int LARGEST_PAGE = 200;
    private static final int LARGEST_LIST = 10_000;
    private static final String ROW = "%-36s  %-10s  %4s  %-20s  %s%n";

    private final Console console;

    @Spec
    private CommandSpec command;

    @Mixin
    private GatewayOptions gateway = new GatewayOptions();

    @Option(names = "--status", description = "Only jobs in this status, such as RUNNING.")
    private String status;

    @Option(names = "--type", paramLabel = "NAME", description = "Only jobs of this computation.")
    private String type;

    @Option(names = "--limit", defaultValue = "20", description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    ListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1 || limit > LARGEST_LIST) {
            throw new ParameterException(
                    command.commandLine(), "--limit must lie in 1.." + LARGEST_LIST + ", got " + limit);
        }
        ArrayNode jobs = fetch(gateway.client());
        if (gateway.json()) {
            console.out().println(Json.line(Json.MAPPER.createObjectNode().set("jobs", jobs)));
        } else {
            print(jobs);
        }
        return ExitCode.SUCCESS;
    }

    private ArrayNode fetch(GatewayClient client) throws InterruptedException {
        ArrayNode jobs = Json.MAPPER.createArrayNode();
        Map<String, String> query = new LinkedHashMap<>();
        if (status != null) {
            query.put("status", status);
        }
        if (type != null) {
            query.put("simulation_type", type);
        }
        JsonNode page;
        do {
            query.put("limit", Integer.toString(Math.min(LARGEST_PAGE, limit - jobs.size())));
            page = client.jobs(query);
            page.path("jobs").forEach(jobs::add);
            query.put("cursor", page.path("next_cursor").asText());
        } while (jobs.size() < limit
                && page.hasNonNull("next_cursor")
                && !page.path("jobs").isEmpty());
        return jobs;
    }

    private void print(ArrayNode jobs) {
        console.out().printf(ROW, "JOB", "STATUS", "DONE", "SUBMITTED", "COMPUTATION");
        for (JsonNode job : jobs) {
            int progress = job.path("progress").asInt();
            String submitted = job.path("submitted_at").asText();
            console.out()
                    .printf(
                            ROW,
                            job.path("job_id").asText(),
                            job.path("status").asText(),
                            progress < 0 ? "-" : progress + "%",
                            submitted.replaceFirst("\\.\\d+Z$", "Z"),
                            Printable.text(job.path("simulation_type").asText()));
        }
    }
}
