package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnknownDescribedType;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.messaging.TerminusDurability;
import org.apache.qpid.proton.amqp.messaging.TerminusExpiryPolicy;
import org.apache.qpid.proton.amqp.transaction.TransactionalState;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire that the Java SDK does not show, and that SDKs in other languages rely on. */
class EmbeddedServiceBusWireIT {

    private static final String QUEUE = TestEntities.PLAIN;

    @TempDir
    Path directory;

    private EmbeddedServiceBus broker;
    private RawAmqpClient client;

    @BeforeEach
    void start() throws IOException {
        broker = EmbeddedServiceBus.start(TestEntities.settings(directory));
        client = RawAmqpClient.authorized(broker.port(), QUEUE);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        broker.close();
    }

    private static byte[] message(String body) {
        Message message = Message.Factory.create();
        message.setMessageId(body);
        message.setBody(new AmqpValue(body));
        return RawAmqpClient.encoded(message);
    }

    private Sender sender() throws IOException {
        Sender sender = client.sender(QUEUE);
        client.until(() -> sender.getCredit() > 0);
        return sender;
    }

    private Receiver receiver(Source source) throws IOException {
        Receiver receiver = client.receiver(source);
        client.until(() -> receiver.getRemoteState() != EndpointState.UNINITIALIZED);
        return receiver;
    }

    private static ErrorCondition error(DeliveryState outcome) {
        assertThat(outcome).isInstanceOf(Rejected.class);
        return ((Rejected) outcome).getError();
    }

    private static void assertComplete(ErrorCondition error, String condition) {
        assertThat((Object) error.getCondition()).hasToString(condition);
        assertThat(error.getDescription()).isNotBlank();
        assertThat((Object) error.getInfo())
                .as("info, without which Python's senders hang")
                .isNotNull();
    }

    // ---- errors

    @Test
    void aRejectedSendCarriesConditionDescriptionAndInfo() throws IOException {
        DeliveryState outcome = client.outcome(client.send(sender(), new byte[] {1, 2, 3}));

        assertComplete(error(outcome), "amqp:decode-error");
    }

    @Test
    void aRefusedLinkCarriesConditionDescriptionAndInfo() throws IOException {
        Sender refused = client.sender(TestEntities.DEDUPLICATED);
        client.until(() -> refused.getRemoteState() == EndpointState.CLOSED);

        assertComplete(refused.getRemoteCondition(), "amqp:unauthorized-access");
    }

    @Test
    void aRefusedSettlementCarriesConditionDescriptionAndInfo() throws IOException {
        client.outcome(client.send(sender(), message("once")));
        Receiver receiver = receiver(RawAmqpClient.source(QUEUE));
        receiver.flow(1);
        client.until(() -> receiver.current() != null && !receiver.current().isPartial());
        Delivery delivery = receiver.current();
        TransactionalState inTransaction = new TransactionalState();
        inTransaction.setTxnId(new Binary(new byte[] {1}));
        delivery.disposition(inTransaction);

        assertComplete(error(client.outcome(delivery)), "amqp:not-implemented");
    }

    // ---- oversized messages

    @Test
    void anOversizedMessageIsRejectedAndItsLinkGoesOn() throws IOException {
        Sender sender = sender();

        DeliveryState outcome = client.outcome(client.send(sender, new byte[2 << 20]));
        DeliveryState next = client.outcome(client.send(sender, message("small")));

        assertComplete(error(outcome), "amqp:link:message-size-exceeded");
        assertThat(next).isInstanceOf(Accepted.class);
        assertThat(sender.getRemoteState()).isEqualTo(EndpointState.ACTIVE);
    }

    @Test
    void messagesRightBehindAnOversizedOneAreTaken() throws IOException {
        Sender sender = sender();

        List<Delivery> deliveries = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            deliveries.add(client.send(sender, new byte[1_100_000]));
            deliveries.add(client.send(sender, message("a" + round)));
            deliveries.add(client.send(sender, message("b" + round)));
        }

        for (int i = 0; i < deliveries.size(); i++) {
            assertThat(client.outcome(deliveries.get(i))).isInstanceOf(i % 3 == 0 ? Rejected.class : Accepted.class);
        }
    }

    /** More than the session's window, and more than the broker would be ready to keep. */
    @Test
    void aMessageThatDoesNotEndIsThrownAwayAsItComes() throws IOException {
        Sender sender = sender();
        Delivery delivery = sender.delivery(new byte[] {7});
        byte[] piece = new byte[1 << 20];
        for (int i = 0; i < 100; i++) {
            sender.send(piece, 0, piece.length);
            client.until(() -> sender.getSession().getOutgoingBytes() < piece.length);
        }
        assertThat(delivery.getRemoteState()).isNull();
        sender.advance();

        assertComplete(error(client.outcome(delivery)), "amqp:link:message-size-exceeded");
        assertThat(client.outcome(client.send(sender, message("small")))).isInstanceOf(Accepted.class);
    }

    @Test
    void anOversizedTokenIsRejectedBeforeItIsKept() throws IOException {
        try (RawAmqpClient stranger = new RawAmqpClient(broker.port())) {
            Sender cbs = stranger.sender("$cbs");
            stranger.until(() -> cbs.getCredit() > 0);
            Message request = Message.Factory.create();
            request.setBody(new Data(new Binary(new byte[100 << 10])));
            byte[] target = new byte[200 << 10];
            int length = request.encode(target, 0, target.length);

            DeliveryState outcome = stranger.outcome(stranger.send(cbs, Arrays.copyOf(target, length)));

            assertComplete(error(outcome), "amqp:link:message-size-exceeded");
        }
    }

    // ---- tokens

    @ParameterizedTest
    @CsvSource({
        "contract-plain, 202",
        "contract-plain/, 202",
        "Contract-Plain/$management, 202",
        "contract-plain/$DeadLetterQueue, 202",
        "contract-plain/$deadletterqueue/$management, 202",
        "contract-topic, 202",
        "contract-topic/$management, 202",
        "contract-topic/subscriptions/everything, 202",
        "contract-topic/Subscriptions/Everything/$management, 202",
        "contract-topic/subscriptions/everything/$deadletterqueue, 202",
        "'', 202",
        "no-such-queue, 404",
        "no-such-queue/$management, 404",
        "contract-plain/below, 404",
        "contract-topic/subscriptions, 404",
        "contract-topic/subscriptions/nobody, 404",
        "contract-topic/$deadletterqueue, 404",
        "$management, 404",
    })
    void aTokenIsTakenForWhatIsThere(String entity, int status) throws IOException {
        Map<String, Object> reply = client.putToken(entity, RawAmqpClient.token(entity));

        assertThat(reply).containsEntry("status-code", status);
        if (status == 404) {
            assertThat(reply.get("errorCondition")).hasToString("amqp:not-found");
            assertThat((String) reply.get("status-description")).contains("could not be found");
        }
    }

    @Test
    void aStrangerDoesNotLearnWhichEntitiesThereAre() throws IOException {
        assertThat(client.putToken("no-such-queue", "SharedAccessSignature sr=x&sig=x&se=1&skn=x"))
                .containsEntry("status-code", 401);
    }

    // ---- links

    private void assertRefused(Source source) throws IOException {
        client.outcome(client.send(sender(), message("kept")));
        Receiver receiver = receiver(source);
        client.until(() -> receiver.getRemoteState() == EndpointState.CLOSED);

        assertComplete(receiver.getRemoteCondition(), "amqp:not-implemented");
        assertThat(receiver.getRemoteSource()).isNull();
        Receiver next = receiver(RawAmqpClient.source(QUEUE));
        next.flow(1);
        assertThat(client.receive(next).getMessageId()).isEqualTo("kept");
    }

    @Test
    void refusesToOnlyCopyMessages() throws IOException {
        Source browser = RawAmqpClient.source(QUEUE);
        browser.setDistributionMode(Symbol.valueOf("copy"));

        assertRefused(browser);
    }

    @ParameterizedTest
    @ValueSource(strings = {"apache.org:selector-filter:string", "jms-selector"})
    void refusesSelectors(String key) throws IOException {
        Source selective = RawAmqpClient.source(QUEUE);
        selective.setFilter(
                Map.of(Symbol.valueOf(key), described("apache.org:selector-filter:string", "color = 'red'")));

        assertRefused(selective);
    }

    @Test
    void refusesNoLocal() throws IOException {
        Source source = RawAmqpClient.source(QUEUE);
        source.setFilter(Map.of(Symbol.valueOf("no-local"), described("apache.org:no-local-filter:list", List.of())));

        assertRefused(source);
    }

    private static Object described(String descriptor, Object value) {
        return new UnknownDescribedType(Symbol.valueOf(descriptor), value);
    }

    @Test
    void refusesTemporaryQueues() throws IOException {
        Source dynamic = new Source();
        dynamic.setDynamic(true);

        assertRefused(dynamic);
    }

    @Test
    void anAttachedReceiverIsToldNoMoreThanIsHonoured() throws IOException {
        Source asked = RawAmqpClient.source(QUEUE);
        asked.setDurable(TerminusDurability.UNSETTLED_STATE);
        asked.setExpiryPolicy(TerminusExpiryPolicy.NEVER);
        asked.setCapabilities(Symbol.valueOf("queue"), Symbol.valueOf("shared"));
        asked.setFilter(Map.of(Symbol.valueOf("invented"), described("invented:filter", "x")));

        Source got = (Source) receiver(asked).getRemoteSource();

        assertThat(got.getAddress()).isEqualTo(QUEUE);
        assertThat(got.getDurable()).isEqualTo(TerminusDurability.NONE);
        assertThat(got.getExpiryPolicy()).isEqualTo(TerminusExpiryPolicy.LINK_DETACH);
        assertThat((Object) got.getFilter()).isNull();
        assertThat(got.getCapabilities()).isNull();
    }

    @Test
    void anAttachedSenderIsToldNoMoreThanIsHonoured() throws IOException {
        Target asked = new Target();
        asked.setAddress(QUEUE);
        asked.setDurable(TerminusDurability.CONFIGURATION);
        asked.setExpiryPolicy(TerminusExpiryPolicy.NEVER);
        asked.setCapabilities(Symbol.valueOf("queue"), Symbol.valueOf("DELAYED_DELIVERY"));
        Sender sender = client.sender(QUEUE, asked);
        client.until(() -> sender.getRemoteState() == EndpointState.ACTIVE);

        Target got = (Target) sender.getRemoteTarget();

        assertThat(got.getAddress()).isEqualTo(QUEUE);
        assertThat(got.getDurable()).isEqualTo(TerminusDurability.NONE);
        assertThat(got.getExpiryPolicy()).isEqualTo(TerminusExpiryPolicy.LINK_DETACH);
        assertThat(got.getCapabilities()).isNull();
    }
}
