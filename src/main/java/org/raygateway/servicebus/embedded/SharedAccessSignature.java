package org.raygateway.servicebus.embedded;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/**
 * Checks Service Bus SAS tokens: {@code SharedAccessSignature sr=..&sig=..&se=..&skn=..}, where {@code sig} is the
 * base64 of HMAC-SHA256 over {@code sr + "\n" + se} as they stand in the token, and {@code se} is in epoch seconds.
 *
 * @see <a href="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas">Service Bus SAS</a>
 */
final class SharedAccessSignature implements TokenCheck {

    private static final String SCHEME = "SharedAccessSignature ";

    private final String keyName;
    private final SecretKeySpec key;

    SharedAccessSignature(String keyName, String key) {
        this.keyName = keyName;
        this.key = new SecretKeySpec(bytes(key), "HmacSHA256");
    }

    /** Refuses a token that is malformed, signed with another key, or expired. */
    @Override
    public Grant verify(String token, long nowMillis) {
        Map<String, String> fields = parse(token);
        String resource = require(fields, "sr");
        String expiry = require(fields, "se");
        if (!keyName.equals(decode(require(fields, "skn")))) {
            throw unauthorized("The token's key name (skn) is unknown");
        }
        byte[] expected = sign(resource + "\n" + expiry).getBytes(StandardCharsets.UTF_8);
        byte[] actual = decode(require(fields, "sig")).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, actual)) {
            throw unauthorized("The token has an invalid signature");
        }
        long expiresAt = parseExpiry(expiry);
        if (expiresAt <= nowMillis) {
            throw unauthorized("The token has expired");
        }
        return new Grant(EntityPath.of(decode(resource)), expiresAt);
    }

    /** Both are compared in full, and in a time that does not tell where they differ. */
    @Override
    public boolean isKey(String name, String value) {
        boolean sameName = MessageDigest.isEqual(bytes(keyName), bytes(name));
        boolean sameKey = MessageDigest.isEqual(key.getEncoded(), bytes(value));
        return sameName & sameKey;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Makes a token; the counterpart of {@link #verify}. */
    String issue(String resource, long expiresAtSeconds) {
        String encoded = URLEncoder.encode(resource, StandardCharsets.UTF_8);
        String signature = URLEncoder.encode(sign(encoded + "\n" + expiresAtSeconds), StandardCharsets.UTF_8);
        return SCHEME + "sr=" + encoded + "&sig=" + signature + "&se=" + expiresAtSeconds + "&skn="
                + URLEncoder.encode(keyName, StandardCharsets.UTF_8);
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }

    private static Map<String, String> parse(String token) {
        if (token == null || !token.startsWith(SCHEME)) {
            throw unauthorized("The token must start with 'SharedAccessSignature '");
        }
        Map<String, String> fields = new HashMap<>();
        for (String field : token.substring(SCHEME.length()).split("&")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals).trim(), field.substring(equals + 1));
            }
        }
        return fields;
    }

    private static String require(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null || value.isEmpty()) {
            throw unauthorized("The token has no '" + name + "' field");
        }
        return value;
    }

    private static long parseExpiry(String seconds) {
        try {
            return Math.multiplyExact(Long.parseLong(seconds), 1_000);
        } catch (ArithmeticException | NumberFormatException e) {
            throw unauthorized("The token's expiry (se) must be in seconds since the epoch");
        }
    }

    private static String decode(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unauthorized("The token is not URL-encoded");
        }
    }

    private static AmqpException unauthorized(String text) {
        return new AmqpException(Condition.UNAUTHORIZED, text + ".");
    }
}
