package org.raygateway.catalogue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What came of checking a job's parameters against its computation's schema. */
public sealed interface ParametersCheck {
    /**
     * They fit.
     *
     * @param parameters a copy of what came with the schema's defaults filled in
     */
    record Accepted(ObjectNode parameters) implements ParametersCheck {}

    /**
     * They do not fit.
     *
     * @param errors at least one and at most {@link ParametersSchema#MAX_ERRORS}
     */
    record Refused(List<ParameterError> errors) implements ParametersCheck {}
}
