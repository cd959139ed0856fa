package org.raygateway.settings;

import java.util.List;

/** The gateway cannot start as it is configured. Lists everything that is wrong, not just the first. */
public final class SettingsException extends RuntimeException {
    public SettingsException(List<String> errors) {
        super("The configuration has " + errors.size() + (errors.size() == 1 ? " error" : " errors") + ":\n  - "
                + String.join("\n  - ", errors));
    }

    public static void throwIfAny(List<String> errors) {
        if (!errors.isEmpty()) {
            throw new SettingsException(errors);
        }
    }
}
