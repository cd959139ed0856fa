package org.raygateway.operations;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.RouteController;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator may do to a route. */
enum RouteAction {
    SUSPEND(ServiceStatus.Suspended, EnumSet.of(ServiceStatus.Started)) {
        @Override
        void perform(RouteController routes, String id) throws Exception {
            routes.suspendRoute(id, DEADLINE_S, TimeUnit.SECONDS);
        }
    },
    RESUME(ServiceStatus.Started, EnumSet.of(ServiceStatus.Suspended)) {
        @Override
        void perform(RouteController routes, String id) throws Exception {
            routes.resumeRoute(id);
        }
    },
    STOP(ServiceStatus.Stopped, EnumSet.of(ServiceStatus.Started, ServiceStatus.Suspended)) {
        @Override
        void perform(RouteController routes, String id) throws Exception {
            routes.stopRoute(id, DEADLINE_S, TimeUnit.SECONDS);
        }
    },
    START(ServiceStatus.Started, EnumSet.of(ServiceStatus.Stopped)) {
        @Override
        void perform(RouteController routes, String id) throws Exception {
            routes.startRoute(id);
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(RouteAction.class);

    /** For exchanges in flight; after that Camel goes on without waiting for them. */
    static final long DEADLINE_S = 10;

    private final ServiceStatus after;
    private final Set<ServiceStatus> before;

    RouteAction(ServiceStatus after, Set<ServiceStatus> before) {
        this.after = after;
        this.before = before;
    }

    String path() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract void perform(RouteController routes, String id) throws Exception;

    /** Camel stops what cannot be suspended, and then resumes it by a start. */
    private ServiceStatus after(Route route) {
        return this == SUSPEND && !route.supportsSuspension() ? ServiceStatus.Stopped : after;
    }

    private boolean isPossible(Route route, ServiceStatus now) {
        return before.contains(now) || this == RESUME && now == ServiceStatus.Stopped && !route.supportsSuspension();
    }

    /** Blocks until it is done. Where the route is so already nothing happens. @return the route's new state */
    Answer apply(CamelContext context, String id) throws Exception {
        Route route = context.getRoute(id);
        if (route == null) {
            throw new ProblemException(
                    Problem.of(404, "No such route", "There is no such route; GET /ops/routes lists them."));
        }
        RouteController routes = context.getRouteController();
        ServiceStatus now = routes.getRouteStatus(id);
        if (now != after(route)) {
            if (!isPossible(route, now)) {
                throw new ProblemException(Problem.of(
                        409,
                        "Not possible now",
                        "The route is " + now + "; it must be one of " + before + " to " + path() + "."));
            }
            perform(routes, id);
            LOG.info("An operator had route {} {}: it is {}", id, path(), routes.getRouteStatus(id));
        }
        return Answer.ok(RouteReport.state(context, id));
    }
}
