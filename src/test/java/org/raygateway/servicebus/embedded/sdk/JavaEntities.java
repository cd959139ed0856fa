package org.raygateway.servicebus.embedded.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusRuleManagerClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import com.azure.messaging.servicebus.administration.models.CreateRuleOptions;
import com.azure.messaging.servicebus.administration.models.RuleProperties;
import com.azure.messaging.servicebus.administration.models.SqlRuleFilter;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

/** What entities do with messages by themselves: time to live, duplicate detection, rules. */
final class JavaEntities {

    private JavaEntities() {}

    static void addTo(Map<String, JavaSuite.Step> steps) {
        steps.put("time to live", JavaEntities::timeToLive);
        steps.put("duplicate detection", JavaEntities::duplicates);
        steps.put("duplicate detection of scheduled messages", JavaEntities::scheduledDuplicates);
        steps.put("SQL filter on whole numbers", clients -> filter(clients, "sdk-sql", "large"));
        steps.put("correlation filter on whole numbers", clients -> filter(clients, "sdk-correlation", "sevens"));
        steps.put("list rules", JavaEntities::listRules);
        steps.put("add and remove rules", JavaEntities::changeRules);
    }

    private static String timeToLive(JavaClients clients) {
        clients.sender("sdk-expiring")
                .sendMessage(new ServiceBusMessage("stale").setTimeToLive(Duration.ofMillis(300)));
        ServiceBusReceivedMessage dead = JavaClients.receive(clients.deadLetters("sdk-expiring"));
        assertThat(dead.getDeadLetterReason()).isEqualTo("TTLExpiredException");
        return Outcome.WORKS;
    }

    private static ServiceBusMessage message(String body, String id) {
        return new ServiceBusMessage(body).setMessageId(id);
    }

    private static String duplicates(JavaClients clients) {
        ServiceBusSenderClient sender = clients.sender("sdk-deduplicated");
        sender.sendMessage(message("first", "a"));
        sender.sendMessage(message("second", "a"));
        sender.sendMessages(List.of(message("third", "a"), message("other", "b")));
        ServiceBusReceiverClient receiver = clients.deleting("sdk-deduplicated");
        assertThat(JavaClients.bodies(receiver, 1)).containsExactly("first");
        assertThat(JavaClients.bodies(receiver, 1)).containsExactly("other");
        return Outcome.WORKS;
    }

    private static String scheduledDuplicates(JavaClients clients) {
        ServiceBusSenderClient sender = clients.sender("sdk-deduplicated");
        OffsetDateTime due = OffsetDateTime.now().plusSeconds(1);
        sender.scheduleMessage(message("first", "c"), due);
        sender.scheduleMessage(message("second", "c"), due);
        sender.sendMessage(message("third", "c"));
        sender.scheduleMessage(message("last", "d"), due.plusSeconds(1));
        ServiceBusReceiverClient receiver = clients.deleting("sdk-deduplicated");
        assertThat(JavaClients.bodies(receiver, 1)).containsExactly("first");
        assertThat(JavaClients.bodies(receiver, 1)).containsExactly("last");
        return Outcome.WORKS;
    }

    private static ServiceBusMessage sized(int size) {
        ServiceBusMessage message = new ServiceBusMessage("size " + size);
        message.getApplicationProperties().put("size", size);
        return message;
    }

    private static String filter(JavaClients clients, String topic, String subscription) {
        clients.topicSender(topic).sendMessages(List.of(sized(3), sized(7), sized(-7), sized(7)));
        assertThat(JavaClients.bodies(clients.subscription(topic, subscription), 2))
                .containsExactly("size 7", "size 7");
        return Outcome.WORKS;
    }

    private static String listRules(JavaClients clients) {
        assertThat(clients.rules("sdk-sql", "large").listRules())
                .extracting(RuleProperties::getName)
                .containsExactly("by-size");
        return Outcome.WORKS;
    }

    private static String changeRules(JavaClients clients) {
        ServiceBusRuleManagerClient rules = clients.rules("sdk-rules", "own");
        rules.createRule("nines", new CreateRuleOptions(new SqlRuleFilter("size = 9")));
        rules.deleteRule("$Default");
        assertThat(rules.listRules()).extracting(RuleProperties::getName).containsExactly("nines");
        ServiceBusSenderClient sender = clients.topicSender("sdk-rules");
        sender.sendMessages(List.of(sized(1), sized(9)));
        assertThat(JavaClients.bodies(clients.subscription("sdk-rules", "own"), 1))
                .containsExactly("size 9");
        rules.deleteRule("nines");
        assertThat(rules.listRules()).isEmpty();
        return Outcome.WORKS;
    }
}
