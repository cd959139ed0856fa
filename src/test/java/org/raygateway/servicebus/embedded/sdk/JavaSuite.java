package org.raygateway.servicebus.embedded.sdk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The steps with the unmodified Java SDK. Other suites have the same ones, under the same names and in the same order. */
final class JavaSuite {

    private static final long SECONDS = 30;

    /** @see Outcome#outcome() */
    @FunctionalInterface
    interface Step {
        String run(JavaClients clients) throws Exception;
    }

    private final SdkBrokers brokers;
    private final Map<String, Step> steps = new LinkedHashMap<>();

    private JavaSuite(SdkBrokers brokers) {
        this.brokers = brokers;
        JavaMessages.addTo(steps);
        JavaEntities.addTo(steps);
        JavaRefusals.addTo(steps);
    }

    static List<Outcome> run(Path folder) throws IOException, InterruptedException {
        try (SdkBrokers brokers = new SdkBrokers(folder)) {
            return new JavaSuite(brokers).outcomes();
        }
    }

    private List<Outcome> outcomes() throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Map.Entry<String, Step> step : steps.entrySet()) {
            outcomes.add(outcome(step.getKey(), step.getValue(), "sdk-" + (outcomes.size() + 1)));
        }
        return outcomes;
    }

    private Outcome outcome(String capability, Step step, String queue) throws InterruptedException {
        FutureTask<String> task = new FutureTask<>(() -> {
            try (JavaClients clients = new JavaClients(brokers, queue)) {
                return step.run(clients);
            }
        });
        Thread thread = new Thread(task, "sdk-step");
        thread.setDaemon(true);
        thread.start();
        try {
            return new Outcome(capability, task.get(SECONDS, TimeUnit.SECONDS), "");
        } catch (ExecutionException failure) {
            return new Outcome(capability, Outcome.FAILS, failure.getCause().toString());
        } catch (TimeoutException late) {
            return new Outcome(capability, Outcome.FAILS, "no end within " + SECONDS + " s");
        }
    }
}
