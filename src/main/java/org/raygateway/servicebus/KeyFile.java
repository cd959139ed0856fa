package org.raygateway.servicebus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.raygateway.settings.SettingsException;
import org.raygateway.storage.DurableFile;

/**
 * The embedded broker's key where none is configured: made at the first start, kept beside the messages, readable by its owner only.
 * An empty file is what a kill of an earlier version could leave; no client can have used it, so a key is made in its place.
 */
final class KeyFile {
    private static final int KEY_BYTES = 32;
    /** What can stand in a connection string. */
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e&&[^;]]{1,512}");

    private KeyFile() {}

    static String keyIn(Path file) {
        try {
            String key =
                    Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).trim() : "";
            if (key.isEmpty()) {
                key = newKey();
                DurableFile.writeSecret(file, key);
            } else if (!KEY.matcher(key).matches()) {
                throw refused("the broker's key file " + file
                        + " must hold one line of at most 512 visible characters without ';', but " + key.length()
                        + " characters of another kind are in it; restore it, or delete it to have a new key made");
            }
            return key;
        } catch (IOException failure) {
            throw refused("`gateway.data-dir` must be a folder that can be written, but the broker's key file " + file
                    + " cannot be read or made: " + failure);
        }
    }

    private static String newKey() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    private static SettingsException refused(String text) {
        return new SettingsException(List.of(text));
    }
}
