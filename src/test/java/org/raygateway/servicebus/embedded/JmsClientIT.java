package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JMS client, which logs in with a key's name and the key, and asks for things that Service Bus does not have. */
class JmsClientIT {

    private static final long PATIENCE = 10_000;

    @TempDir
    Path directory;

    private EmbeddedServiceBus broker;

    @BeforeEach
    void start() {
        broker = EmbeddedServiceBus.start(TestEntities.settings(directory));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private Connection connect(String user, String password) throws JMSException {
        String uri = "amqp://127.0.0.1:" + broker.port() + "?amqp.saslMechanisms=PLAIN&jms.requestTimeout=" + PATIENCE
                + "&jms.closeTimeout=2000&jms.connectTimeout=" + PATIENCE;
        Connection connection = new JmsConnectionFactory(user, password, uri).createConnection();
        connection.start();
        return connection;
    }

    private Connection connect() throws JMSException {
        return connect("test-key", "dGVzdA==");
    }

    private static void send(Session session, String text) throws JMSException {
        try (MessageProducer producer = session.createProducer(session.createQueue(TestEntities.PLAIN))) {
            TextMessage message = session.createTextMessage(text);
            message.setStringProperty("color", "red");
            producer.send(message);
        }
    }

    private static String receive(Session session) throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(TestEntities.PLAIN))) {
            Message message = consumer.receive(PATIENCE);
            return message == null ? "nothing" : ((TextMessage) message).getText();
        }
    }

    @Test
    void aKeyAloneOpensEveryEntity() throws JMSException {
        try (Connection connection = connect();
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
                Clients clients = new Clients(broker.connectionString())) {
            send(session, "by key");
            assertThat(receive(session)).isEqualTo("by key");

            try (MessageProducer topic = session.createProducer(session.createTopic(TestEntities.TOPIC))) {
                topic.send(session.createTextMessage("to a topic"));
            }
            assertThat(clients.subscription(TestEntities.TOPIC, "everything").peekMessage())
                    .isNotNull();
        }
    }

    @Test
    void aWrongKeyIsRefused() {
        assertThatThrownBy(() -> connect("test-key", "d3Jvbmc=")).isInstanceOf(JMSSecurityException.class);
        assertThatThrownBy(() -> connect("another", "dGVzdA==")).isInstanceOf(JMSSecurityException.class);
        assertThatThrownBy(() -> connect("test-key", "")).isInstanceOf(JMSSecurityException.class);
        assertThat(broker.isHealthy()).isTrue();
    }

    @Test
    void aBrowserIsRefusedAndDeletesNothing() throws JMSException {
        try (Connection connection = connect();
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
            send(session, "looked at");
            Queue queue = session.createQueue(TestEntities.PLAIN);
            try (QueueBrowser browser = session.createBrowser(queue)) {
                assertThatThrownBy(browser::getEnumeration)
                        .isInstanceOf(JMSException.class)
                        .hasMessageContaining("copy");
            }

            assertThat(receive(session)).isEqualTo("looked at");
        }
    }

    @Test
    void aSelectorIsRefusedRatherThanIgnored() throws JMSException {
        try (Connection connection = connect();
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
            send(session, "red");

            assertThatThrownBy(() -> session.createConsumer(session.createQueue(TestEntities.PLAIN), "color = 'blue'"))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("rules");
            assertThat(receive(session)).isEqualTo("red");
        }
    }

    @Test
    void aTemporaryQueueIsRefused() throws JMSException {
        try (Connection connection = connect();
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
            assertThatThrownBy(session::createTemporaryQueue)
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("temporary");
        }
    }
}
