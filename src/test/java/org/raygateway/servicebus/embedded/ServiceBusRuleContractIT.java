package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusRuleManagerClient;
import com.azure.messaging.servicebus.administration.models.CorrelationRuleFilter;
import com.azure.messaging.servicebus.administration.models.FalseRuleFilter;
import com.azure.messaging.servicebus.administration.models.RuleProperties;
import com.azure.messaging.servicebus.administration.models.SqlRuleFilter;
import com.azure.messaging.servicebus.administration.models.TrueRuleFilter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every Service Bus does when a subscription's rules are changed while it runs. */
class ServiceBusRuleContractIT extends ServiceBusContract {

    private static final String DEFAULT = "$Default";

    private ServiceBusRuleManagerClient rules;

    @BeforeEach
    void open() {
        rules = clients.closing(clients.builder()
                .ruleManager()
                .topicName(TestEntities.TOPIC)
                .subscriptionName("everything")
                .buildClient());
    }

    /** A Service Bus from outside keeps what a test leaves behind. */
    @AfterEach
    void putRulesBack() {
        for (String name : names()) {
            rules.deleteRule(name);
        }
        Clients.createRule(rules, DEFAULT, new TrueRuleFilter());
    }

    private List<String> names() {
        return rules.listRules().stream().map(RuleProperties::getName).toList();
    }

    private void send(String body, Map<String, Object> properties) {
        ServiceBusMessage message = new ServiceBusMessage(body).setSubject("subject of " + body);
        message.getApplicationProperties().putAll(properties);
        clients.topicSender(TestEntities.TOPIC).sendMessage(message);
    }

    private List<String> received() {
        return Clients.bodies(clients.subscription(TestEntities.TOPIC, "everything").peekMessages(10).stream()
                .toList());
    }

    @Test
    void aRuleIsUsedFromTheMomentItIsThere() {
        send("before", Map.of("weight", 9));
        rules.deleteRule(DEFAULT);
        send("no rule at all", Map.of("weight", 9));
        Clients.createRule(rules, "heavy", new SqlRuleFilter("weight > 5"));
        send("heavy", Map.of("weight", 9L));
        send("light", Map.of("weight", 1.5));
        Clients.createRule(rules, "light", new SqlRuleFilter("sys.Label LIKE '%light'"));
        send("light again", Map.of("weight", 1));
        send("very light", Map.of("weight", 1));

        assertThat(received()).containsExactly("before", "heavy", "very light");
        assertThat(names()).containsExactlyInAnyOrder("heavy", "light");
    }

    @Test
    void aCorrelationFilterTakesSystemAndApplicationProperties() {
        CorrelationRuleFilter filter = new CorrelationRuleFilter().setLabel("subject of right");
        filter.getProperties().put("kind", 7);
        filter.getProperties().put("urgent", true);
        rules.deleteRule(DEFAULT);
        Clients.createRule(rules, "both", filter);
        send("right", Map.of("kind", 7, "urgent", true));
        send("right", Map.of("kind", 8, "urgent", true));
        send("wrong", Map.of("kind", 7, "urgent", true));

        assertThat(received()).containsExactly("right");
        assertThat(rules.listRules())
                .singleElement()
                .extracting(RuleProperties::getFilter)
                .isInstanceOfSatisfying(CorrelationRuleFilter.class, listed -> {
                    assertThat(listed.getLabel()).isEqualTo("subject of right");
                    // The SDK makes texts of them when it lists.
                    assertThat(listed.getProperties()).containsOnlyKeys("kind", "urgent");
                });
    }

    @Test
    void filtersThatTakeAllOrNothingAreKept() {
        rules.deleteRule(DEFAULT);
        Clients.createRule(rules, "nothing", new FalseRuleFilter());
        send("lost", Map.of());
        Clients.createRule(rules, "everything", new TrueRuleFilter());
        send("kept", Map.of());

        assertThat(received()).containsExactly("kept");
    }

    @Test
    void refusesANameThatIsTaken() {
        assertThatThrownBy(() -> Clients.createRule(rules, DEFAULT, new SqlRuleFilter("1=0")))
                .isInstanceOfSatisfying(ServiceBusException.class, e -> assertThat(e.getReason())
                        .isEqualTo(ServiceBusFailureReason.MESSAGING_ENTITY_ALREADY_EXISTS));
        send("still taken", Map.of());
        assertThat(received()).containsExactly("still taken");
    }

    @Test
    void refusesToRemoveARuleThatIsNotThere() {
        assertThatThrownBy(() -> rules.deleteRule("nobody"))
                .isInstanceOfSatisfying(ServiceBusException.class, e -> assertThat(e.getReason())
                        .isEqualTo(ServiceBusFailureReason.MESSAGING_ENTITY_NOT_FOUND));
    }

    @Test
    void refusesAFilterThatCannotBeUnderstood() {
        assertThatThrownBy(() -> Clients.createRule(rules, "broken", new SqlRuleFilter("weight >")))
                .isInstanceOf(RuntimeException.class);
        assertThat(names()).containsExactly(DEFAULT);
    }
}
