package org.raygateway.servicebus.embedded;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.qpid.proton.message.Message;

/** What filters see of a message; decoded at the first look, once for all subscriptions. */
final class MessageView {

    /** What {@link #system} knows, in lower case. */
    static final Set<String> SYSTEM = Set.of(
            "messageid",
            "correlationid",
            "to",
            "replyto",
            "label",
            "subject",
            "sessionid",
            "replytosessionid",
            "contenttype");

    private final MessageCodec codec;
    private final MessageContent content;
    private Message decoded;

    MessageView(MessageCodec codec, MessageContent content) {
        this.codec = codec;
        this.content = content;
    }

    /** A system property by its name in Service Bus SQL, any case; null when unset or unknown. */
    Object system(String name) {
        Message message = message();
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "messageid" -> message.getMessageId();
            case "correlationid" -> message.getCorrelationId();
            case "to" -> message.getAddress();
            case "replyto" -> message.getReplyTo();
            case "label", "subject" -> message.getSubject();
            case "sessionid" -> message.getGroupId();
            case "replytosessionid" -> message.getReplyToGroupId();
            case "contenttype" -> message.getContentType();
            default -> null;
        };
    }

    Map<String, Object> user() {
        Message message = message();
        Map<String, Object> properties = message.getApplicationProperties() == null
                ? null
                : message.getApplicationProperties().getValue();
        return properties == null ? Map.of() : properties;
    }

    private Message message() {
        if (decoded == null) {
            decoded = codec.decodeProperties(content);
        }
        return decoded;
    }
}
