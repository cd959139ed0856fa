package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusRuleManagerClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import com.azure.messaging.servicebus.administration.models.CorrelationRuleFilter;
import com.azure.messaging.servicebus.administration.models.RuleProperties;
import com.azure.messaging.servicebus.administration.models.SqlRuleFilter;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every Service Bus does with topics, subscriptions and their rules. */
class ServiceBusTopicContractIT extends ServiceBusContract {

    private static ServiceBusMessage message(String body, String subject, String color) {
        ServiceBusMessage message = new ServiceBusMessage(body).setSubject(subject);
        message.getApplicationProperties().put("color", color);
        return message;
    }

    private List<String> received(String subscription) {
        ServiceBusReceiverClient receiver = clients.subscription(TestEntities.TOPIC, subscription);
        return Clients.bodies(receiver.peekMessages(10).stream().toList());
    }

    @Test
    void copiesMessagesToTheSubscriptionsThatWantThem() {
        ServiceBusSenderClient sender = clients.topicSender(TestEntities.TOPIC);
        ServiceBusMessage result = new ServiceBusMessage("result").setCorrelationId("job-7");
        result.getApplicationProperties().put("kind", "result");
        sender.sendMessages(List.of(
                message("apple", "a1", "red"),
                message("brick", "b1", "red"),
                message("avocado", "a2", "green"),
                result,
                new ServiceBusMessage("other").setCorrelationId("job-7")));

        assertThat(received("everything")).containsExactly("apple", "brick", "avocado", "result", "other");
        assertThat(received("warm")).containsExactly("apple");
        assertThat(received("correlated")).containsExactly("result");
    }

    @Test
    void completingInOneSubscriptionLeavesTheOthers() {
        clients.topicSender(TestEntities.TOPIC).sendMessage(message("apple", "a1", "red"));
        ServiceBusReceiverClient everything = clients.subscription(TestEntities.TOPIC, "everything");
        everything.complete(Clients.receiveOne(everything));

        assertThat(received("everything")).isEmpty();
        assertThat(received("warm")).containsExactly("apple");
    }

    @Test
    void scheduledMessageReachesSubscriptionsAtItsTimeUnlessCancelled() {
        ServiceBusSenderClient sender = clients.topicSender(TestEntities.TOPIC);
        sender.scheduleMessage(
                new ServiceBusMessage("then"), OffsetDateTime.now().plusSeconds(1));
        long cancelled = sender.scheduleMessage(
                new ServiceBusMessage("never"), OffsetDateTime.now().plusSeconds(1));
        sender.cancelScheduledMessage(cancelled);

        assertThat(Clients.bodies(Clients.receive(clients.subscription(TestEntities.TOPIC, "everything"), 1)))
                .containsExactly("then");
        assertThat(received("everything")).containsExactly("then");
    }

    @Test
    void listsRules() {
        ServiceBusRuleManagerClient warm = clients.closing(clients.builder()
                .ruleManager()
                .topicName(TestEntities.TOPIC)
                .subscriptionName("warm")
                .buildClient());
        ServiceBusRuleManagerClient correlated = clients.closing(clients.builder()
                .ruleManager()
                .topicName(TestEntities.TOPIC)
                .subscriptionName("correlated")
                .buildClient());

        assertThat(warm.listRules()).extracting(RuleProperties::getName).containsExactly("by-color");
        assertThat(warm.listRules())
                .first()
                .extracting(RuleProperties::getFilter)
                .isInstanceOf(SqlRuleFilter.class);
        assertThat(correlated.listRules())
                .first()
                .extracting(RuleProperties::getFilter)
                .isInstanceOfSatisfying(CorrelationRuleFilter.class, filter -> assertThat(filter.getCorrelationId())
                        .isEqualTo("job-7"));
    }
}
