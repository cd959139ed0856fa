package org.raygateway.servicebus.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.engine.Session;
import org.apache.qpid.proton.engine.Transport;
import org.apache.qpid.proton.message.Message;

/** A client without manners: it does on the wire what the SDK would not. Driven by the test's thread. */
final class RawAmqpClient implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 10_000;
    private static final long NEXT_HOUR = System.currentTimeMillis() / 1_000 + 3_600;

    final Connection connection = Proton.connection();
    final Sasl sasl;
    private final Transport transport = Proton.transport();
    private final Session session;
    private final SocketChannel channel;
    private final AtomicInteger tags = new AtomicInteger();
    private boolean closed;
    private Sender requests;
    private Receiver replies;

    RawAmqpClient(int port) throws IOException {
        this(port, sasl -> sasl.setMechanisms("ANONYMOUS"));
    }

    RawAmqpClient(int port, Consumer<Sasl> login) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.configureBlocking(false);
        sasl = transport.sasl();
        sasl.client();
        login.accept(sasl);
        transport.bind(connection);
        connection.setContainer("raw");
        connection.open();
        session = connection.session();
        session.open();
    }

    /** A client that has put a token for an entity. */
    static RawAmqpClient authorized(int port, String entity) throws IOException {
        RawAmqpClient client = new RawAmqpClient(port);
        client.putToken(entity, token(entity));
        return client;
    }

    /** A valid token of {@link TestEntities#settings}. */
    static String token(String entity) {
        return new SharedAccessSignature("test-key", "dGVzdA==").issue("amqp://localhost/" + entity, NEXT_HOUR);
    }

    Sender sender(String address, org.apache.qpid.proton.amqp.transport.Target target) {
        Sender sender = session.sender("to-" + address + "-" + tags.incrementAndGet());
        sender.setSource(new Source());
        sender.setTarget(target);
        sender.open();
        return sender;
    }

    Sender sender(String address) {
        Target target = new Target();
        target.setAddress(address);
        return sender(address, target);
    }

    Receiver receiver(Source source) {
        Receiver receiver = session.receiver("from-" + source.getAddress() + "-" + tags.incrementAndGet());
        receiver.setSource(source);
        Target target = new Target();
        target.setAddress("raw-end");
        receiver.setTarget(target);
        receiver.open();
        return receiver;
    }

    static Source source(String address) {
        Source source = new Source();
        source.setAddress(address);
        return source;
    }

    /** Sends whole bytes as one delivery and returns it, with nothing awaited. */
    Delivery send(Sender sender, byte[] bytes) {
        Delivery delivery = sender.delivery(("tag-" + tags.incrementAndGet()).getBytes());
        sender.send(bytes, 0, bytes.length);
        sender.advance();
        return delivery;
    }

    DeliveryState outcome(Delivery delivery) throws IOException {
        until(() -> delivery.getRemoteState() != null);
        return delivery.getRemoteState();
    }

    static byte[] encoded(Message message) {
        byte[] target = new byte[64 << 10];
        int length = message.encode(target, 0, target.length);
        return Arrays.copyOf(target, length);
    }

    /** What {@code $cbs} says to a token for an entity: the reply's application properties. */
    Map<String, Object> putToken(String entity, String token) throws IOException {
        if (requests == null) {
            requests = sender("$cbs");
            replies = receiver(source("$cbs"));
            replies.flow(100);
            until(() -> requests.getCredit() > 0);
        }
        Message request = Message.Factory.create();
        request.setReplyTo("raw-end");
        request.setMessageId("request");
        Map<String, Object> properties = new HashMap<>();
        properties.put("operation", "put-token");
        properties.put("type", "servicebus.windows.net:sastoken");
        properties.put("name", "amqp://localhost/" + entity);
        request.setApplicationProperties(new ApplicationProperties(properties));
        request.setBody(new AmqpValue(token));
        send(requests, encoded(request));
        return receive(replies).getApplicationProperties().getValue();
    }

    /** The next whole message of a link, settled by the way. */
    Message receive(Receiver receiver) throws IOException {
        until(() -> receiver.current() != null && !receiver.current().isPartial());
        Delivery delivery = receiver.current();
        byte[] bytes = new byte[delivery.pending()];
        receiver.recv(bytes, 0, bytes.length);
        receiver.advance();
        delivery.settle();
        Message message = Message.Factory.create();
        message.decode(bytes, 0, bytes.length);
        return message;
    }

    /** Lets bytes go both ways until something is true. */
    void until(BooleanSupplier condition) throws IOException {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!condition.getAsBoolean()) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("nothing of the kind happened within " + PATIENCE_MILLIS + " ms");
            }
            exchange();
            Thread.onSpinWait();
        }
    }

    boolean isClosedByPeer() {
        return closed;
    }

    private void exchange() throws IOException {
        int pending = transport.pending();
        if (pending > 0 && !closed) {
            transport.pop(channel.write(transport.head()));
        }
        int read = transport.capacity() > 0 ? channel.read(transport.tail()) : 0;
        if (read > 0) {
            transport.process();
        }
        closed |= read < 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
