package org.raygateway.servicebus.embedded.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.amqp.exception.AmqpErrorCondition;
import com.azure.core.amqp.exception.AmqpException;
import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What is refused, in time and without harm to what comes next; and what becomes of clients when the broker restarts. */
final class JavaRefusals {

    private JavaRefusals() {}

    static void addTo(Map<String, JavaSuite.Step> steps) {
        steps.put("settle with a lost lock", JavaRefusals::lostLock);
        steps.put("send what is too large", JavaRefusals::tooLarge);
        steps.put("send to a full queue", JavaRefusals::full);
        steps.put("use an entity that is not there", JavaRefusals::unknownEntity);
        steps.put("use a wrong key", JavaRefusals::wrongKey);
        steps.put("accept a session", JavaRefusals::session);
        steps.put("begin a transaction", JavaRefusals::transaction);
        steps.put("go on after a restart of the broker", JavaRefusals::restart);
    }

    private static void assertRefused(ThrowingCallable call, ServiceBusFailureReason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(ServiceBusException.class, refused -> assertThat(refused.getReason())
                        .isEqualTo(reason));
    }

    private static String lostLock(JavaClients clients) {
        clients.sender("sdk-short-lock").sendMessage(new ServiceBusMessage("slow"));
        ServiceBusReceiverClient slow = clients.receiver("sdk-short-lock");
        ServiceBusReceivedMessage lost = JavaClients.receive(slow);
        ServiceBusReceiverClient next = clients.receiver("sdk-short-lock");
        ServiceBusReceivedMessage found = JavaClients.receive(next);
        assertRefused(() -> slow.complete(lost), ServiceBusFailureReason.MESSAGE_LOCK_LOST);
        next.complete(found);
        return Outcome.REFUSED;
    }

    private static String tooLarge(JavaClients clients) {
        ServiceBusSenderClient sender = clients.sender();
        assertThatThrownBy(() -> sender.sendMessage(new ServiceBusMessage(new byte[2 << 20])))
                .isInstanceOfSatisfying(ServiceBusException.class, refused -> assertThat(
                                ((AmqpException) refused.getCause()).getErrorCondition())
                        .isEqualTo(AmqpErrorCondition.LINK_PAYLOAD_SIZE_EXCEEDED));
        sender.sendMessage(new ServiceBusMessage("fits"));
        assertThat(JavaClients.bodies(clients.deleting(clients.queue), 1)).containsExactly("fits");
        return Outcome.REFUSED;
    }

    private static String full(JavaClients clients) {
        String small = clients.brokers.smallConnectionString();
        ServiceBusSenderClient sender = clients.closing(
                clients.builder(small).sender().queueName(clients.queue).buildClient());
        for (int i = 0; i < 10; i++) {
            sender.sendMessage(new ServiceBusMessage("m" + i));
        }
        assertRefused(
                () -> sender.sendMessage(new ServiceBusMessage("too much")), ServiceBusFailureReason.QUOTA_EXCEEDED);
        ServiceBusReceiverClient receiver = clients.closing(
                clients.builder(small).receiver().queueName(clients.queue).buildClient());
        receiver.complete(JavaClients.receive(receiver));
        sender.sendMessage(new ServiceBusMessage("fits again"));
        return Outcome.REFUSED;
    }

    private static String unknownEntity(JavaClients clients) {
        ServiceBusSenderClient sender = clients.sender("no-such-queue");
        assertRefused(
                () -> sender.sendMessage(new ServiceBusMessage("lost")),
                ServiceBusFailureReason.MESSAGING_ENTITY_NOT_FOUND);
        ServiceBusReceiverClient receiver = clients.receiver("no-such-queue");
        assertThatThrownBy(() -> JavaClients.receive(receiver)).hasStackTraceContaining("could not be found");
        return Outcome.REFUSED;
    }

    private static String wrongKey(JavaClients clients) {
        String wrong =
                clients.brokers.connectionString().replaceAll("SharedAccessKey=[^;]+", "SharedAccessKey=d3Jvbmc=");
        ServiceBusSenderClient sender = clients.closing(
                clients.builder(wrong).sender().queueName(clients.queue).buildClient());
        assertRefused(() -> sender.sendMessage(new ServiceBusMessage("no")), ServiceBusFailureReason.UNAUTHORIZED);
        return Outcome.REFUSED;
    }

    private static String session(JavaClients clients) {
        assertThatThrownBy(() -> clients.closing(clients.builder()
                                .sessionReceiver()
                                .queueName(clients.queue)
                                .buildClient())
                        .acceptSession("s"))
                .hasMessageContaining("session");
        return Outcome.REFUSED;
    }

    private static String transaction(JavaClients clients) {
        ServiceBusSenderClient sender = clients.sender();
        assertThatThrownBy(sender::createTransaction).hasStackTraceContaining("transactions are not supported");
        sender.sendMessage(new ServiceBusMessage("without one"));
        return Outcome.REFUSED;
    }

    private static String restart(JavaClients clients) {
        ServiceBusSenderClient sender = clients.sender();
        ServiceBusReceiverClient receiver = clients.receiver();
        sender.sendMessage(new ServiceBusMessage("before"));
        receiver.complete(JavaClients.receive(receiver));
        sender.sendMessage(new ServiceBusMessage("kept"));
        clients.brokers.restart();
        sender.sendMessage(new ServiceBusMessage("after"));
        assertThat(JavaClients.receive(receiver).getBody()).hasToString("kept");
        assertThat(JavaClients.receive(receiver).getBody()).hasToString("after");
        return Outcome.WORKS;
    }
}
