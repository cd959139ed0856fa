package org.raygateway.mesh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads {@code {"group": {"name": "value"}}} and refuses whatever no setting is named after. */
final class LiveSettingsReader {
    private static final int LONGEST = 4096;
    private static final int LONGEST_SHOWN = 40;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<LiveSetting> settings;

    LiveSettingsReader(List<LiveSetting> settings) {
        this.settings = settings;
    }

    /**
     * @return values by {@link LiveSetting#path()}, of those that are named
     * @throws IllegalArgumentException listing everything that is wrong
     */
    Map<String, String> read(String text) {
        List<String> errors = new ArrayList<>();
        Map<String, String> values = new TreeMap<>();
        members(parse(text), "the value", errors)
                .forEach((group, content) -> readGroup(group, content, values, errors));
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors) + "; known are " + String.join(", ", paths()));
        }
        return values;
    }

    private void readGroup(String group, JsonNode content, Map<String, String> values, List<String> errors) {
        if (settings.stream().noneMatch(setting -> setting.group().equals(group))) {
            errors.add(show(group) + " holds no live setting");
            return;
        }
        members(content, show(group), errors).forEach((name, value) -> find(group, name)
                .ifPresentOrElse(
                        setting -> read(setting, value, values, errors),
                        () -> errors.add(show(group + "." + name) + " is not a live setting")));
    }

    private static JsonNode parse(String text) {
        if (text == null || text.isBlank() || text.length() > LONGEST) {
            throw new IllegalArgumentException("expected a JSON object of at most " + LONGEST + " characters, got "
                    + (text == null || text.isBlank() ? "nothing" : text.length()));
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException("no valid JSON (" + where(noJson) + ")", noJson);
        }
    }

    private static String where(JsonProcessingException noJson) {
        return noJson.getLocation() == null
                ? "ends too early"
                : "line " + noJson.getLocation().getLineNr() + ", column "
                        + noJson.getLocation().getColumnNr();
    }

    private static Map<String, JsonNode> members(JsonNode node, String what, List<String> errors) {
        Map<String, JsonNode> members = new TreeMap<>();
        if (node.isObject()) {
            node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        } else {
            errors.add(what + " must be an object");
        }
        return members;
    }

    private Optional<LiveSetting> find(String group, String name) {
        return settings.stream()
                .filter(setting ->
                        setting.group().equals(group) && setting.name().equals(name))
                .findFirst();
    }

    private static void read(LiveSetting setting, JsonNode value, Map<String, String> values, List<String> errors) {
        if (value.isTextual() && setting.choices().contains(value.asText())) {
            values.put(setting.path(), value.asText());
        } else {
            errors.add("`" + setting.path() + "` must be one of " + String.join(", ", setting.choices()) + ", got "
                    + show(value));
        }
    }

    private static String show(JsonNode value) {
        return show(value.isTextual() ? value.asText() : value.getNodeType().name());
    }

    /** One short line, and without quotes: Camel's health writes those doubly escaped. */
    private static String show(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return "`" + (line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "..." : line) + "`";
    }

    private List<String> paths() {
        return settings.stream().map(LiveSetting::path).sorted().toList();
    }
}
