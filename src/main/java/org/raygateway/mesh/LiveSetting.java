package org.raygateway.mesh;

import java.util.List;
import java.util.function.Consumer;

/**
 * Something that can be changed while the gateway runs.
 *
 * @param group member of the settings' JSON that holds it
 * @param name its own member
 * @param choices values it takes
 * @param configured value from the properties, which holds where the JSON does not name it
 * @param apply puts a value into force; must not fail
 */
public record LiveSetting(String group, String name, List<String> choices, String configured, Consumer<String> apply) {

    String path() {
        return group + "." + name;
    }
}
