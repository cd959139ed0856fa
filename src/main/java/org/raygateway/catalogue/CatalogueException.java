package org.raygateway.catalogue;

import java.util.List;

/** The catalogue cannot be used. Lists everything that is wrong with it, so that one round of mending is enough. */
public final class CatalogueException extends RuntimeException {
    private final transient List<String> errors;

    CatalogueException(List<String> errors) {
        super("The catalogue of computations has " + errors.size() + (errors.size() == 1 ? " error:" : " errors:")
                + "\n  - " + String.join("\n  - ", errors));
        this.errors = List.copyOf(errors);
    }

    /** One line each: file, key, what was expected, what came. */
    public List<String> errors() {
        return errors;
    }
}
