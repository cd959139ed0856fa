package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.messaging.servicebus.ServiceBusRuleManagerClient;
import com.azure.messaging.servicebus.administration.models.CorrelationRuleFilter;
import com.azure.messaging.servicebus.administration.models.CreateRuleOptions;
import com.azure.messaging.servicebus.administration.models.RuleProperties;
import com.azure.messaging.servicebus.administration.models.SqlRuleAction;
import com.azure.messaging.servicebus.administration.models.SqlRuleFilter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of rules that clients made when the broker or its entities file changes, and which are refused. */
class EmbeddedServiceBusRulesIT {

    @TempDir
    Path directory;

    private EmbeddedServiceBus broker;
    private Clients clients;

    @BeforeEach
    void start() {
        start(TestEntities.JSON);
    }

    private void start(String entities) {
        broker = EmbeddedServiceBus.start(
                TestEntities.settings(directory).withEntities(TestEntities.write(directory, entities)));
        clients = new Clients(broker.connectionString());
    }

    @AfterEach
    void stop() {
        clients.close();
        broker.close();
    }

    private void restart(String entities) {
        stop();
        start(entities);
    }

    private ServiceBusRuleManagerClient rules(String subscription) {
        return clients.closing(clients.builder()
                .ruleManager()
                .topicName(TestEntities.TOPIC)
                .subscriptionName(subscription)
                .buildClient());
    }

    private List<String> names(String subscription) {
        return rules(subscription).listRules().stream()
                .map(RuleProperties::getName)
                .toList();
    }

    @Test
    void rulesSurviveARestart() {
        CorrelationRuleFilter filter = new CorrelationRuleFilter().setCorrelationId("job-7");
        filter.getProperties().put("kind", 7L);
        Clients.createRule(rules("warm"), "correlated", filter);
        Clients.createRule(rules("warm"), "sql", new SqlRuleFilter("weight > 5"));
        rules("everything").deleteRule("$Default");
        restart(TestEntities.JSON);

        assertThat(names("everything")).isEmpty();
        assertThat(names("warm")).containsExactly("by-color", "correlated", "sql");
        assertThat(rules("warm").listRules().stream().toList().get(1).getFilter())
                .isInstanceOfSatisfying(CorrelationRuleFilter.class, kept -> {
                    assertThat(kept.getCorrelationId()).isEqualTo("job-7");
                    assertThat(kept.getProperties().get("kind")).hasToString("7");
                });
        rules("warm").deleteRule("BY-COLOR");
        restart(TestEntities.JSON);
        assertThat(names("warm")).containsExactly("correlated", "sql");
    }

    @Test
    void otherRulesInTheFileTakeTheirPlaceForGood() {
        Clients.createRule(rules("warm"), "mine", new SqlRuleFilter("1=1"));
        Clients.createRule(rules("correlated"), "mine", new SqlRuleFilter("1=1"));
        restart(TestEntities.JSON.replace("'orange'", "'yellow'"));

        assertThat(names("warm")).containsExactly("by-color");
        assertThat(names("correlated")).containsExactly("by-id", "mine");
        restart(TestEntities.JSON);
        assertThat(names("warm")).containsExactly("by-color");
    }

    @Test
    void refusesActions() {
        CreateRuleOptions options =
                new CreateRuleOptions(new SqlRuleFilter("1=1")).setAction(new SqlRuleAction("SET x = 1"));

        assertThatThrownBy(() -> rules("everything").createRule("acting", options))
                .hasMessageContaining("Actions of rules are not supported");
    }

    @Test
    void saysWhatIsWrongWithARule() {
        ServiceBusRuleManagerClient rules = rules("everything");
        CorrelationRuleFilter large = new CorrelationRuleFilter();
        large.getProperties().put("text", "x".repeat(20_000));

        assertThatThrownBy(() -> Clients.createRule(rules, "r", new SqlRuleFilter("weight > @limit")))
                .hasMessageContaining("parameters");
        assertThatThrownBy(() -> Clients.createRule(rules, "r", new CorrelationRuleFilter()))
                .hasMessageContaining("at least one property");
        assertThatThrownBy(() -> Clients.createRule(rules, "r", large)).hasMessageContaining("16384 bytes");
        assertThatThrownBy(() -> Clients.createRule(rules, "a/b", new SqlRuleFilter("1=1")))
                .hasMessageContaining("1 to 50 characters");
        assertThatThrownBy(() -> Clients.createRule(rules, "x".repeat(51), new SqlRuleFilter("1=1")))
                .hasMessageContaining("1 to 50 characters");
        assertThat(names("everything")).containsExactly("$Default");
    }

    @Test
    void aSubscriptionHasSoManyRulesAtMost() {
        ServiceBusRuleManagerClient rules = rules("everything");
        for (int i = 1; i < Subscription.MAX_RULES; i++) {
            Clients.createRule(rules, "rule-" + i, new SqlRuleFilter("weight = " + i));
        }

        assertThatThrownBy(() -> Clients.createRule(rules, "one more", new SqlRuleFilter("1=1")))
                .hasMessageContaining("limit");
        rules.deleteRule("rule-1");
        Clients.createRule(rules, "one more", new SqlRuleFilter("1=1"));
        assertThat(names("everything")).hasSize(Subscription.MAX_RULES);
    }
}
