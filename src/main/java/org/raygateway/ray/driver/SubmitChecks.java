package org.raygateway.ray.driver;

import java.util.Optional;
import org.raygateway.driver.v1.Computation;
import org.raygateway.driver.v1.SubmitRequest;
import org.raygateway.job.JobId;
import org.raygateway.ray.actor.ComputationClass;

/** Finds what will never run as asked, before anything is started for it. */
final class SubmitChecks {
    private final RayMode mode;
    private final ClassLoader computations;

    SubmitChecks(RayDriverSettings settings) {
        this.mode = settings.mode();
        this.computations = ComputationJars.loader(settings.classPath());
    }

    /** Why the request is refused, safe to show; empty where it may run. */
    Optional<String> refusal(SubmitRequest request) {
        Computation computation = request.getComputation();
        if (JobId.parse(request.getJobId()).isEmpty()) {
            return Optional.of("`job_id` must be a UUID");
        }
        if (request.getAttempt() < 1) {
            return Optional.of("`attempt` must be at least 1, got " + request.getAttempt());
        }
        if (computation.getTimeoutMs() <= 0 || computation.getGraceMs() < 0) {
            return Optional.of(
                    "computation " + computation.getName() + " needs a positive timeout and no negative grace");
        }
        return switch (computation.getLanguage()) {
            case JAVA -> javaRefusal(computation);
            case PYTHON -> pythonRefusal(computation);
            default -> Optional.of("computation " + computation.getName() + " names no language");
        };
    }

    private Optional<String> pythonRefusal(Computation computation) {
        if (mode == RayMode.LOCAL) {
            return Optional.of("computation " + computation.getName()
                    + " is Python, which needs a Ray cluster; this driver runs Ray inside its own process");
        }
        boolean isEntryPoint = computation.getEntryPoint().matches("[\\w.]+:\\w+");
        return isEntryPoint
                ? Optional.empty()
                : Optional.of("computation " + computation.getName() + " needs an entry point module:Class");
    }

    private Optional<String> javaRefusal(Computation computation) {
        try {
            ComputationClass.find(computation.getEntryPoint(), computations);
            return Optional.empty();
        } catch (IllegalArgumentException unusable) {
            return Optional.of("computation " + computation.getName() + " cannot run: " + unusable.getMessage());
        }
    }
}
