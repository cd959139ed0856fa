package org.raygateway.lookup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.raygateway.catalogue.Catalogue;
import org.raygateway.catalogue.Computation;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;

/** Answers questions about the catalogue. */
public final class CatalogueLookups {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Catalogue catalogue;

    public CatalogueLookups(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** Route step of list-computations. */
    public void list(Exchange exchange) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode computations = answer.putArray("computations");
        catalogue.all().forEach(computation -> computations.add(summary(computation)));
        JobLookups.answer(exchange.getMessage(), answer.toString());
    }

    /** Route step of get-computation; header {@code name}. */
    public void get(Exchange exchange) {
        String name = exchange.getMessage().getHeader("name", String.class);
        Computation computation = catalogue
                .find(name)
                .orElseThrow(() -> new ProblemException(Problem.of(
                                404,
                                "No such computation",
                                "The catalogue has no such computation; GET /computations lists them.")
                        .with(
                                "known",
                                catalogue.all().stream().map(Computation::name).toList())));
        ObjectNode answer = summary(computation);
        answer.set("parameters", computation.parametersSchema());
        answer.set("example", computation.example());
        JobLookups.answer(exchange.getMessage(), answer.toString());
    }

    private static ObjectNode summary(Computation computation) {
        ObjectNode json = JSON.createObjectNode()
                .put("name", computation.name())
                .put("title", computation.title())
                .put("description", computation.description())
                .put("language", computation.language().name().toLowerCase(Locale.ROOT))
                .put("isolation", computation.isolation().name().toLowerCase(Locale.ROOT))
                .put("timeout_seconds", computation.timeout().toSeconds());
        json.putObject("links").put("self", "/computations/" + computation.name());
        return json;
    }
}
