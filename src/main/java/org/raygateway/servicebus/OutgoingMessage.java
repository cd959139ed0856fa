package org.raygateway.servicebus;

import java.util.Map;

/**
 * A message to send, with the properties that the stock Camel producer cannot set.
 *
 * @param messageId what duplicate detection goes by
 * @param body UTF-8 JSON
 * @param applicationProperties all there will be: no header of a caller is added
 */
public record OutgoingMessage(
        String messageId, String correlationId, byte[] body, Map<String, String> applicationProperties) {}
