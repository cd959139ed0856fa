package org.raygateway.ray.actor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The cases that Java and Python share, with the values that Java has for what stands in the file. */
final class ResultVectors {
    private static final Path FILE = Path.of("src/test/resources/results/vectors.json");

    private record Sample(Object name, Object value) {}

    private ResultVectors() {}

    static Stream<JsonNode> named(String list) {
        try {
            JsonNode file = new ObjectMapper().readTree(FILE.toFile());
            return StreamSupport.stream(file.get(list).spliterator(), false);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Object build(JsonNode json) {
        if (json.isObject()) {
            String first = json.isEmpty() ? "" : json.fieldNames().next();
            return first.startsWith("$") ? special(first, json.get(first)) : map(json);
        }
        if (json.isArray()) {
            return list(json);
        }
        return switch (json.getNodeType()) {
            case NULL -> null;
            case BOOLEAN -> json.asBoolean();
            case NUMBER -> json.isInt() ? (Object) json.asInt() : (Object) json.asDouble();
            default -> json.asText();
        };
    }

    private static Map<Object, Object> map(JsonNode json) {
        Map<Object, Object> map = new LinkedHashMap<>();
        json.properties().forEach(member -> map.put(member.getKey(), build(member.getValue())));
        return map;
    }

    private static List<Object> list(JsonNode json) {
        List<Object> list = new ArrayList<>();
        json.forEach(element -> list.add(build(element)));
        return list;
    }

    private static Object special(String name, JsonNode of) {
        return switch (name) {
            case "$nothing" -> null;
            case "$double" -> Double.valueOf(of.asText());
            case "$float" -> Float.valueOf(of.asText());
            case "$integer" -> new BigInteger(of.asText());
            case "$power" -> BigInteger.TEN.pow(of.asInt());
            case "$decimal" -> new BigDecimal(of.asText());
            case "$digits" -> new BigDecimal("1." + "1".repeat(of.asInt() - 2));
            case "$doubles" -> texts(of).mapToDouble(Double::parseDouble).toArray();
            case "$floats" -> new float[] {Float.parseFloat(of.get(0).asText())};
            case "$ints" -> texts(of).mapToInt(Integer::parseInt).toArray();
            case "$longs" -> texts(of).mapToLong(Long::parseLong).toArray();
            case "$booleans" -> new boolean[] {of.get(0).asBoolean(), of.get(1).asBoolean()};
            case "$matrix" -> new double[][] {doubles(of.get(0)), doubles(of.get(1))};
            case "$texts" -> texts(of).toArray(String[]::new);
            case "$tuple" -> list(of).toArray();
            case "$record" -> new Sample(build(of.get("name")), build(of.get("value")));
            case "$char" -> of.asText().charAt(0);
            case "$units" -> units(of);
            case "$repeat" -> of.get(0).asText().repeat(of.get(1).asInt());
            case "$keys" -> keys(of);
            case "$cycle" -> cycle(of.asText());
            case "$twice" -> twice(list(of));
            case "$deep" -> deep(of.asInt());
            case "$endless" -> endless();
            default -> notJson(name, of);
        };
    }

    private static Object notJson(String name, JsonNode of) {
        return switch (name) {
            case "$thread" -> new Thread();
            case "$object" -> new Object();
            case "$time" -> Instant.parse(of.asText());
            case "$date" -> LocalDate.parse(of.asText());
            case "$duration" -> Duration.ofSeconds(of.asInt());
            case "$bytes" -> new byte[] {1, 2};
            case "$set" -> new HashSet<>(list(of));
            case "$enum" -> TimeUnit.DAYS;
            case "$optional" -> Optional.of(build(of));
            case "$bean" -> new AtomicInteger(1);
            default -> throw new IllegalArgumentException("Java has no " + name);
        };
    }

    private static Stream<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
    }

    private static double[] doubles(JsonNode list) {
        return texts(list).mapToDouble(Double::parseDouble).toArray();
    }

    static String units(JsonNode list) {
        StringBuilder text = new StringBuilder();
        list.forEach(unit -> text.append((char) unit.asInt()));
        return text.toString();
    }

    private static Map<Object, Object> keys(JsonNode members) {
        Map<Object, Object> map = new HashMap<>();
        members.forEach(member -> map.put(build(member.get(0)), build(member.get(1))));
        return map;
    }

    private static Object cycle(String kind) {
        List<Object> list = new ArrayList<>();
        Map<String, Object> map = new HashMap<>();
        list.add(list);
        map.put("self", map);
        return kind.equals("list") ? list : map;
    }

    private static Map<String, Object> twice(List<Object> list) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", list);
        map.put("b", list);
        return map;
    }

    private static List<Object> deep(int levels) {
        List<Object> list = new ArrayList<>();
        for (int i = 1; i < levels; i++) {
            list = new ArrayList<>(List.of(list));
        }
        return list;
    }

    private static List<Object> endless() {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return 0;
            }

            @Override
            public int size() {
                return Integer.MAX_VALUE;
            }
        };
    }
}
