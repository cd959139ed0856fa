package org.raygateway.servicebus.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.engine.Session;
import org.apache.qpid.proton.engine.Transport;

/** A client without manners: it does on the wire what the SDK would not. Driven by the test's thread. */
final class RawAmqpClient implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 10_000;

    final Connection connection = Proton.connection();
    private final Transport transport = Proton.transport();
    private final Session session;
    private final SocketChannel channel;

    RawAmqpClient(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.configureBlocking(false);
        transport.sasl().client();
        transport.sasl().setMechanisms("ANONYMOUS");
        transport.bind(connection);
        connection.setContainer("raw");
        connection.open();
        session = connection.session();
        session.open();
    }

    Sender sender(String address, org.apache.qpid.proton.amqp.transport.Target target) {
        Sender sender = session.sender("to-" + address);
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

    private void exchange() throws IOException {
        int pending = transport.pending();
        if (pending > 0) {
            transport.pop(channel.write(transport.head()));
        }
        if (transport.capacity() > 0 && channel.read(transport.tail()) > 0) {
            transport.process();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
