package org.raygateway;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.health.HealthCheck;
import org.raygateway.catalogue.Catalogue;
import org.raygateway.catalogue.Computation;
import org.raygateway.dispatch.ComputeGate;
import org.raygateway.dispatch.DispatchHold;
import org.raygateway.dispatch.DispatchPolicy;
import org.raygateway.dispatch.DispatchSettings.WhenComputeDown;
import org.raygateway.dispatch.DispatchSwitch;
import org.raygateway.dispatch.Dispatcher;
import org.raygateway.dispatch.DriverClient;
import org.raygateway.dispatch.JobCancellation;
import org.raygateway.dispatch.LaneLimit;
import org.raygateway.dispatch.Lanes;
import org.raygateway.dispatch.RayBreaker;
import org.raygateway.dispatch.RayProbe;
import org.raygateway.dispatch.RayProcessor;
import org.raygateway.health.LastOutcome;
import org.raygateway.health.PartHealth;
import org.raygateway.health.PartHealth.State;
import org.raygateway.http.HttpSettings;
import org.raygateway.http.ProblemAnswers;
import org.raygateway.job.StatusEvent;
import org.raygateway.lookup.CatalogueLookups;
import org.raygateway.lookup.JobLookups;
import org.raygateway.mesh.ConsulMembership;
import org.raygateway.mesh.LiveSetting;
import org.raygateway.reconcile.LostJobs;
import org.raygateway.reconcile.WaitingJobs;
import org.raygateway.servicebus.EmbeddedBroker;
import org.raygateway.servicebus.GatewayServiceBusComponent;
import org.raygateway.servicebus.OutgoingMessage;
import org.raygateway.servicebus.ServiceBusClients;
import org.raygateway.servicebus.ServiceBusSettings;
import org.raygateway.servicebus.embedded.EmbeddedServiceBus;
import org.raygateway.status.EventStreams;
import org.raygateway.status.RefusedStatuses;
import org.raygateway.status.StatusHub;
import org.raygateway.status.StatusRelay;
import org.raygateway.store.JobStore;
import org.raygateway.store.SqliteJobStore;
import org.raygateway.store.SqliteSettings;
import org.raygateway.store.StoreException;
import org.raygateway.submission.AcceptJob;
import org.raygateway.submission.JobAcceptance;
import org.raygateway.submission.JobAnswers;
import org.raygateway.submission.JobSubmission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the parts of one gateway in the order in which they need each other, names those that routes call, and closes them in
 * reverse.
 */
final class Components implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Components.class);

    private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(2);
    private static final Duration RAY_START = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final Map<String, Object> beans = new LinkedHashMap<>();
    private final AtomicReference<ProducerTemplate> routes = new AtomicReference<>();
    private final LastOutcome sends = new LastOutcome(ServiceBusClients::isFull);
    private final RefusedStatuses refusedStatuses = new RefusedStatuses();
    private final GatewaySettings settings;
    private final DispatchHold hold;
    private ServiceBusClients messaging;
    private EmbeddedServiceBus broker;
    private JobStore store;
    private Catalogue catalogue;
    private CircuitBreakerRegistry breakers;
    private LocalDriver localDriver;
    private ComputeGate gate;
    private Lanes lanes;
    private Dispatcher dispatcher;
    private StatusHub hub;
    private EventStreams streams;
    private ConsulMembership consul;

    private Components(GatewaySettings settings, DispatchHold hold) {
        this.settings = settings;
        this.hold = hold;
    }

    /** On failure everything already started is closed again. */
    static Components start(GatewaySettings settings, DispatchHold hold) {
        Components components = new Components(settings, hold);
        try {
            components.build();
            return components;
        } catch (RuntimeException | Error failure) {
            components.close();
            throw failure;
        }
    }

    private void build() {
        DataDirectory directory = closing(DataDirectory.open(settings.dataDirectory()));
        catalogue = Catalogue.load(settings.computationsDirectory());
        ServiceBusSettings serviceBus = startBroker(settings.serviceBus());
        messaging = new ServiceBusClients(serviceBus);
        store = closing(SqliteJobStore.open(SqliteSettings.of(directory.file("jobs.db"))));
        hub = new StatusHub(settings.events());
        streams = new EventStreams(store, hub, settings.events());
        buildDispatch(directory);
        buildSubmission();
        joinConsul();
        beans.put("azure-servicebus", new GatewayServiceBusComponent(messaging));
        beans.put("statusRelay", new StatusRelay(store, this::announce, refusedStatuses));
        beans.put(
                "jobLookups",
                new JobLookups(store, lanes::whyWaits, settings.http().maxPageSize()));
        beans.put("catalogueLookups", new CatalogueLookups(catalogue));
        beans.put("problemAnswers", new ProblemAnswers());
    }

    private ServiceBusSettings startBroker(ServiceBusSettings serviceBus) {
        if (serviceBus.mode() != ServiceBusSettings.Mode.EMBEDDED) {
            return serviceBus;
        }
        broker = closing(EmbeddedBroker.start(serviceBus, settings.dataDirectory()));
        return serviceBus.connectedTo(broker.connectionString());
    }

    private void buildDispatch(DataDirectory directory) {
        breakers = RayBreaker.registry(settings.dispatch());
        CircuitBreaker breaker = RayBreaker.of(breakers);
        DriverClient driver = closing(new DriverClient(driverChannel(directory), settings.dispatch()));
        gate = closing(new ComputeGate(breaker, settings.dispatch()));
        DispatchSwitch dispatch = new DispatchSwitch(gate::isOpen);
        List<String> computations =
                catalogue.all().stream().map(Computation::name).toList();
        lanes = closing(new Lanes(computations, settings.dispatch().concurrency(), dispatch));
        gate.onOpen(dispatch::computeIsBack);
        hold.onChange(() -> dispatch.hold(hold.isHeld()));
        boolean oneProcess = settings.ray().mode() == RaySettings.Mode.LOCAL;
        dispatcher = new Dispatcher(store, catalogue, driver, lanes, oneProcess, this::announce);
        beans.put("rayBreaker", breaker);
        beans.put("computeGate", gate);
        beans.put("laneLimit", new LaneLimit(lanes, settings.dispatch()));
        beans.put("dispatcher", dispatcher);
        beans.put("dispatchPolicy", new DispatchPolicy(dispatch));
        beans.put("dispatchHold", hold);
        beans.put("rayProcessor", new RayProcessor(driver));
        beans.put("rayProbe", new RayProbe(driver));
        beans.put("jobCancellation", new JobCancellation(store, dispatcher, driver, this::announce));
        beans.put("waitingJobs", new WaitingJobs(store, dispatcher, driver, gate, settings.reconcile()));
        beans.put("lostJobs", new LostJobs(store, dispatcher, driver, gate, settings.reconcile()));
    }

    /** Tells of events that are in the store: subscribers, and the lanes, where what begins or ends makes room. */
    private void announce(List<StatusEvent> events) {
        hub.accept(events);
        lanes.heard(events);
    }

    private ManagedChannel driverChannel(DataDirectory directory) {
        if (settings.ray().mode() == RaySettings.Mode.LOCAL) {
            localDriver = closing(LocalDriver.start(settings.ray(), directory.file("begun.log"), messaging));
            return localDriver.channel();
        }
        return ManagedChannelBuilder.forTarget(settings.ray().driverAddress())
                .usePlaintext()
                .build();
    }

    private void buildSubmission() {
        Consumer<List<OutgoingMessage>> queue = sends.watching(this::queueJobs);
        beans.put("jobSubmission", new JobSubmission(catalogue, settings.submission()));
        JobAcceptance acceptance = closing(
                new JobAcceptance(store, queue, () -> broker != null && !broker.isHealthy(), settings.submission()));
        beans.put("jobAcceptance", acceptance);
        beans.put("acceptJob", new AcceptJob(acceptance));
        beans.put("jobAnswers", new JobAnswers());
    }

    private void queueJobs(List<OutgoingMessage> messages) {
        String trouble = broker == null ? null : broker.trouble();
        if (trouble != null) {
            // The client would only find out after its retries, callers waiting.
            throw new IllegalStateException(trouble);
        }
        routes.get().sendBody("direct:queue-jobs", messages);
    }

    private void joinConsul() {
        HttpSettings http = settings.http();
        consul = closing(new ConsulMembership(
                settings.consul(), http.host(), http.port(), gate::isRejecting, List.of(admissionPolicy())));
        beans.putAll(consul.beans());
    }

    private LiveSetting admissionPolicy() {
        List<String> policies = Arrays.stream(WhenComputeDown.values())
                .map(policy -> policy.name().toLowerCase(Locale.ROOT))
                .toList();
        return new LiveSetting(
                "admission",
                "when-compute-down",
                policies,
                settings.dispatch().whenComputeDown().name().toLowerCase(Locale.ROOT),
                policy -> gate.setWhenComputeDown(WhenComputeDown.valueOf(policy.toUpperCase(Locale.ROOT))));
    }

    /** By the names that routes use. */
    Map<String, Object> beans() {
        return beans;
    }

    EventStreams streams() {
        return streams;
    }

    /** Starts no more jobs, and gives back those in hand. While routes still run. */
    void stopDispatch() {
        gate.close();
        dispatcher.close();
    }

    /** Ends all event streams. */
    void endStreams() {
        hub.endAll();
    }

    JobStore store() {
        return store;
    }

    /** Where messages go, with the embedded broker's address. */
    ServiceBusSettings serviceBus() {
        return messaging.settings();
    }

    /** Readiness of the parts, for {@code /observe/health}. */
    List<HealthCheck> healthChecks() {
        List<HealthCheck> checks = new ArrayList<>(List.of(
                new PartHealth("messaging", this::messagingState),
                new PartHealth("store", this::storeState),
                new PartHealth("compute", gate::state)));
        checks.addAll(consul.healthChecks());
        return checks;
    }

    CircuitBreakerRegistry breakers() {
        return breakers;
    }

    /** Figures for {@code /observe/metrics}. */
    Map<String, Supplier<Number>> gauges() {
        return Map.of(
                "gateway.subscribers", hub::size,
                "gateway.jobs.active", store::countActive,
                "gateway.jobs.waiting", lanes::waiting);
    }

    /** Counters for {@code /observe/metrics}. */
    List<MeterBinder> counters() {
        return List.of(refusedStatuses);
    }

    private State messagingState() {
        String trouble = broker == null ? null : broker.trouble();
        return trouble == null ? sends.state() : new State(false, trouble);
    }

    private State storeState() {
        try {
            store.ping(HEALTH_DEADLINE);
            return new State(true, "ok");
        } catch (StoreException failure) {
            return new State(false, failure.getMessage());
        }
    }

    /** Ray in this process starts beside the other parts; jobs that are queued already would fail against it until it is there. */
    void awaitRay() {
        if (localDriver != null && !localDriver.awaitReady(RAY_START)) {
            LOG.warn("Ray has not started within {} s; jobs wait for it", RAY_START.toSeconds());
        }
    }

    /** Lets others know that this gateway goes, while routes still run. */
    void leaveConsul() {
        consul.leave(routes.get());
    }

    void connect(ProducerTemplate template) {
        routes.set(template);
        dispatcher.start(attempt -> template.sendBody("direct:start-attempt", attempt));
    }

    private <T extends AutoCloseable> T closing(T part) {
        toClose.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!toClose.isEmpty()) {
            AutoCloseable part = toClose.pop();
            try {
                part.close();
            } catch (Exception failure) {
                LOG.warn("{} did not close cleanly", part.getClass().getSimpleName(), failure);
            }
        }
    }
}
