package org.raygateway.servicebus.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.raygateway.servicebus.embedded.EntityConfiguration.QueueDefinition;
import org.raygateway.servicebus.embedded.EntityConfiguration.SubscriptionDefinition;
import org.raygateway.servicebus.embedded.EntityConfiguration.TopicDefinition;

/**
 * Reads entities in the format of the Service Bus emulator's {@code Config.json}. What it cannot honour it refuses, and it
 * names everything that is wrong at once.
 *
 * @see <a href="https://learn.microsoft.com/azure/service-bus-messaging/test-locally-with-service-bus-emulator">emulator
 *     configuration</a>
 */
final class EntityConfigurationReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,258}[A-Za-z0-9]|[A-Za-z0-9]");

    private final List<String> errors = new ArrayList<>();
    private final EntityProperties properties = new EntityProperties(errors);
    private final RuleReader rules = new RuleReader(errors);

    private EntityConfigurationReader() {}

    /** @throws IllegalArgumentException when the file cannot be read or is not valid; its text lists every error */
    static EntityConfiguration read(URI file) {
        JsonNode root;
        try (InputStream in = file.toURL().openStream()) {
            root = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read the Service Bus entities " + file + ": " + e.getMessage(), e);
        }
        EntityConfigurationReader reader = new EntityConfigurationReader();
        EntityConfiguration configuration = reader.read(root);
        if (!reader.errors.isEmpty()) {
            throw new IllegalArgumentException(
                    "The Service Bus entities " + file + " are not valid:\n  " + String.join("\n  ", reader.errors));
        }
        return configuration;
    }

    private EntityConfiguration read(JsonNode root) {
        JsonNode namespaces = root.path("UserConfig").path("Namespaces");
        if (!namespaces.isArray() || namespaces.size() != 1) {
            errors.add("UserConfig.Namespaces: must be a list of exactly one namespace");
            return new EntityConfiguration(List.of(), List.of());
        }
        checkNames(namespaces.get(0), "UserConfig.Namespaces[0]", Set.of("Name", "Queues", "Topics"));
        Set<String> taken = new HashSet<>();
        List<QueueDefinition> queues = new ArrayList<>();
        for (JsonNode queue : list(namespaces.get(0), "Queues", "Queues")) {
            String name = name(queue, "Queues", taken);
            checkNames(queue, "Queue '" + name + "'", Set.of("Name", "Properties"));
            queues.add(new QueueDefinition(name, properties.queue("Queue '" + name + "'", queue.path("Properties"))));
        }
        List<TopicDefinition> topics = new ArrayList<>();
        for (JsonNode topic : list(namespaces.get(0), "Topics", "Topics")) {
            topics.add(topic(topic, taken));
        }
        if (queues.isEmpty() && topics.isEmpty()) {
            errors.add("UserConfig.Namespaces[0]: must have at least one queue or topic");
        }
        return new EntityConfiguration(queues, topics);
    }

    private TopicDefinition topic(JsonNode topic, Set<String> taken) {
        String name = name(topic, "Topics", taken);
        String where = "Topic '" + name + "'";
        checkNames(topic, where, Set.of("Name", "Properties", "Subscriptions"));
        QueueSettings settings = properties.topic(where, topic.path("Properties"));
        Set<String> takenHere = new HashSet<>();
        List<SubscriptionDefinition> subscriptions = new ArrayList<>();
        for (JsonNode subscription : list(topic, "Subscriptions", where + " Subscriptions")) {
            String subscriptionName = name(subscription, where + " Subscriptions", takenHere);
            String at = where + " subscription '" + subscriptionName + "'";
            checkNames(subscription, at, Set.of("Name", "Properties", "Rules"));
            QueueSettings own = properties.subscription(at, subscription.path("Properties"), settings);
            Map<String, RuleFilter> filters = new LinkedHashMap<>();
            for (JsonNode rule : list(subscription, "Rules", at + " Rules")) {
                rules.read(at, rule, filters);
            }
            if (filters.isEmpty()) {
                filters.put("$Default", new RuleFilter.Constant(true));
            }
            subscriptions.add(new SubscriptionDefinition(subscriptionName, own, filters));
        }
        return new TopicDefinition(name, settings, subscriptions);
    }

    private Iterable<JsonNode> list(JsonNode parent, String field, String where) {
        JsonNode node = parent.path(field);
        if (!node.isMissingNode() && !node.isNull() && !node.isArray()) {
            errors.add(where + ": must be a list");
            return List.of();
        }
        return node;
    }

    private String name(JsonNode node, String where, Set<String> taken) {
        String name = node.path("Name").asText("");
        if (!NAME.matcher(name).matches() || name.contains("//")) {
            errors.add(where + ": Name must be 1 to 260 letters, digits, '.', '_', '-' or '/', got '" + name + "'");
        } else if (!taken.add(name.toLowerCase(Locale.ROOT))) {
            errors.add(where + ": Name '" + name + "' is there twice; names ignore case");
        }
        return name;
    }

    private void checkNames(JsonNode node, String where, Set<String> known) {
        node.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                errors.add(where + ": unknown property '" + field + "'");
            }
        });
    }
}
