package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.amqp.exception.AmqpErrorCondition;
import com.azure.core.amqp.exception.AmqpException;
import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import org.junit.jupiter.api.Test;

/** What every Service Bus refuses, and that other clients do not suffer from it. */
class ServiceBusRefusalContractIT extends ServiceBusContract {

    private void otherClientsGoOn() {
        clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("fine"));
        assertThat(Clients.receiveOne(clients.receiver(TestEntities.PLAIN)).getBody())
                .hasToString("fine");
    }

    @Test
    void refusesToSendToAnUnknownEntity() {
        ServiceBusSenderClient sender = clients.sender("no-such-queue");

        assertThatThrownBy(() -> sender.sendMessage(new ServiceBusMessage("lost")))
                .isInstanceOfSatisfying(ServiceBusException.class, e -> assertThat(e.getReason())
                        .isEqualTo(ServiceBusFailureReason.MESSAGING_ENTITY_NOT_FOUND));
        otherClientsGoOn();
    }

    @Test
    void refusesToReceiveFromAnUnknownSubscription() {
        assertThatThrownBy(() -> Clients.receiveOne(clients.subscription(TestEntities.TOPIC, "nobody")))
                .hasStackTraceContaining("could not be found");
    }

    @Test
    void refusesAWrongKey() {
        String wrong = broker.connectionString().replaceAll("SharedAccessKey=[^;]+", "SharedAccessKey=d3Jvbmc=");
        try (Clients strangers = new Clients(wrong)) {
            ServiceBusSenderClient sender = strangers.sender(TestEntities.PLAIN);

            assertThatThrownBy(() -> sender.sendMessage(new ServiceBusMessage("no")))
                    .isInstanceOfSatisfying(ServiceBusException.class, e -> assertThat(e.getReason())
                            .isEqualTo(ServiceBusFailureReason.UNAUTHORIZED));
        }
        otherClientsGoOn();
    }

    @Test
    void refusesAnOversizedMessage() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.PLAIN);

        assertThatThrownBy(() -> sender.sendMessage(new ServiceBusMessage(new byte[2 << 20])))
                .isInstanceOfSatisfying(
                        ServiceBusException.class, e -> assertThat(((AmqpException) e.getCause()).getErrorCondition())
                                .isEqualTo(AmqpErrorCondition.LINK_PAYLOAD_SIZE_EXCEEDED));
        otherClientsGoOn();
    }

    @Test
    void aSenderGoesOnAfterItsOversizedMessage() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.PLAIN);

        assertThatThrownBy(() -> sender.sendMessage(new ServiceBusMessage(new byte[2 << 20])))
                .isInstanceOf(ServiceBusException.class);
        sender.sendMessage(new ServiceBusMessage("small"));

        assertThat(Clients.receiveOne(clients.receiver(TestEntities.PLAIN)).getBody())
                .hasToString("small");
    }

    @Test
    void refusesASessionWhereThereAreNone() {
        assertThatThrownBy(() -> clients.closing(clients.builder()
                                .sessionReceiver()
                                .queueName(TestEntities.PLAIN)
                                .buildClient())
                        .acceptSession("s"))
                .hasMessageContaining("session");
    }
}
