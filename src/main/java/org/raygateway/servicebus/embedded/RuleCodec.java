package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.amqp.DescribedType;
import org.apache.qpid.proton.amqp.UnknownDescribedType;
import org.apache.qpid.proton.amqp.UnsignedLong;

/** Rules as Service Bus lists them: described types, in which each value keeps the type it was given with. */
final class RuleCodec {

    private static final UnsignedLong RULE_DESCRIPTION = UnsignedLong.valueOf(0x0000013700000004L);
    private static final UnsignedLong EMPTY_ACTION = UnsignedLong.valueOf(0x0000013700000005L);
    private static final UnsignedLong SQL_FILTER = UnsignedLong.valueOf(0x000001370000006L);
    private static final UnsignedLong TRUE_FILTER = UnsignedLong.valueOf(0x000001370000007L);
    private static final UnsignedLong FALSE_FILTER = UnsignedLong.valueOf(0x000001370000008L);
    private static final UnsignedLong CORRELATION_FILTER = UnsignedLong.valueOf(0x000001370000009L);
    private static final int SQL_COMPATIBILITY_LEVEL = 20;

    /** The fields of a correlation filter, in their order on the wire; after them come the application properties. */
    private static final List<String> SYSTEM = List.of(
            "CorrelationId", "MessageId", "To", "ReplyTo", "Label", "SessionId", "ReplyToSessionId", "ContentType");

    private RuleCodec() {}

    /** Rules to be kept. */
    static byte[] encode(MessageCodec codec, Map<String, RuleFilter> rules) {
        List<Object> described = new ArrayList<>();
        rules.forEach((name, filter) -> described.add(describe(name, filter)));
        return codec.encodeValue(described);
    }

    /** Rules as they were kept. */
    static Map<String, RuleFilter> decode(MessageCodec codec, byte[] encoded) {
        Map<String, RuleFilter> rules = new LinkedHashMap<>();
        for (Object rule : (List<?>) codec.decodeValue(encoded)) {
            List<?> fields = fields(rule);
            rules.put((String) fields.get(2), filter((DescribedType) fields.get(0)));
        }
        return rules;
    }

    static DescribedType describe(String name, RuleFilter filter) {
        return described(RULE_DESCRIPTION, Arrays.asList(describe(filter), described(EMPTY_ACTION, List.of()), name));
    }

    private static DescribedType describe(RuleFilter filter) {
        if (filter instanceof RuleFilter.Sql sql) {
            return described(SQL_FILTER, Arrays.asList(sql.condition().expression(), SQL_COMPATIBILITY_LEVEL));
        }
        if (filter instanceof RuleFilter.Correlation correlation) {
            List<Object> fields = new ArrayList<>();
            SYSTEM.forEach(name -> fields.add(correlation.system().get(name)));
            fields.add(new HashMap<>(correlation.user()));
            return described(CORRELATION_FILTER, fields);
        }
        boolean takesAll = ((RuleFilter.Constant) filter).matches();
        return described(takesAll ? TRUE_FILTER : FALSE_FILTER, List.of());
    }

    private static RuleFilter filter(DescribedType described) {
        Object descriptor = described.getDescriptor();
        if (descriptor.equals(SQL_FILTER)) {
            return new RuleFilter.Sql(
                    new SqlCondition((String) fields(described).get(0)));
        }
        if (descriptor.equals(CORRELATION_FILTER)) {
            return correlation(fields(described));
        }
        return new RuleFilter.Constant(descriptor.equals(TRUE_FILTER));
    }

    private static RuleFilter correlation(List<?> fields) {
        Map<String, String> system = new HashMap<>();
        for (int i = 0; i < SYSTEM.size(); i++) {
            if (fields.get(i) != null) {
                system.put(SYSTEM.get(i), (String) fields.get(i));
            }
        }
        Map<String, Object> user = new HashMap<>();
        ((Map<?, ?>) fields.get(SYSTEM.size())).forEach((name, value) -> user.put((String) name, value));
        return new RuleFilter.Correlation(system, user);
    }

    private static List<?> fields(Object described) {
        return (List<?>) ((DescribedType) described).getDescribed();
    }

    private static DescribedType described(UnsignedLong descriptor, Object value) {
        return new UnknownDescribedType(descriptor, value);
    }
}
