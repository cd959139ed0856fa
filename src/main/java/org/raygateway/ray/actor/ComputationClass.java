package org.raygateway.ray.actor;

import java.lang.reflect.Modifier;
import org.raygateway.ray.Computation;

/** Finds the class that a catalogue entry names. */
public final class ComputationClass {
    private ComputationClass() {}

    /**
     * @param entryPoint a class name
     * @param loader where it is looked for
     * @throws IllegalArgumentException saying why the class cannot be used; safe to show
     */
    public static Class<? extends Computation> find(String entryPoint, ClassLoader loader) {
        Class<?> found = load(entryPoint, loader);
        if (!Computation.class.isAssignableFrom(found)) {
            throw new IllegalArgumentException(
                    "class " + entryPoint + " does not implement " + Computation.class.getName());
        }
        if (!Modifier.isPublic(found.getModifiers()) || Modifier.isAbstract(found.getModifiers())) {
            throw new IllegalArgumentException("class " + entryPoint + " must be public and not abstract");
        }
        try {
            found.getConstructor();
        } catch (NoSuchMethodException missing) {
            throw new IllegalArgumentException(
                    "class " + entryPoint + " must have a public constructor without arguments", missing);
        }
        return found.asSubclass(Computation.class);
    }

    private static Class<?> load(String entryPoint, ClassLoader loader) {
        try {
            return Class.forName(entryPoint, false, loader);
        } catch (ClassNotFoundException | LinkageError unknown) {
            throw new IllegalArgumentException("there is no class " + entryPoint, unknown);
        }
    }
}
