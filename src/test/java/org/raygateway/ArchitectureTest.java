package org.raygateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Dependencies point one way: routes join features, features know the store and the catalogue, those know the job. */
@AnalyzeClasses(packages = "org.raygateway", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final List<String> FILES_AND_LOG = List.of("org.raygateway.storage", "org.raygateway.logging");

    @ArchTest
    static final ArchRule rayIsKnownInOnePlaceOnly = noClasses()
            .that()
            .resideOutsideOfPackage("org.raygateway.ray..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.ray..");

    @ArchTest
    static final ArchRule jobAndProblemArePlainJava = noClasses()
            .that()
            .resideInAnyPackage("org.raygateway.job..", "org.raygateway.problem..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.camel..", "com.azure..", "io.ray..", "io.vertx..", "io.grpc..");

    @ArchTest
    static final ArchRule jobKnowsNoOtherPackage = noClasses()
            .that()
            .resideInAPackage("org.raygateway.job..")
            .should()
            .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "other packages of the gateway",
                    type -> type.getPackageName().startsWith("org.raygateway.")
                            && !type.getPackageName().startsWith("org.raygateway.job")));

    @ArchTest
    static final ArchRule brokerKnowsNobody = noClasses()
            .that()
            .resideInAPackage("org.raygateway.servicebus.embedded..")
            .should()
            .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "other packages of the gateway",
                    type -> type.getPackageName().startsWith("org.raygateway.")
                            && !type.getPackageName().startsWith("org.raygateway.servicebus.embedded")
                            && !FILES_AND_LOG.contains(type.getPackageName())));

    @ArchTest
    static final ArchRule filesAndLogKnowNobody = noClasses()
            .that()
            .resideInAnyPackage(FILES_AND_LOG.toArray(String[]::new))
            .should()
            .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "other packages of the gateway",
                    type -> type.getPackageName().startsWith("org.raygateway.")
                            && !FILES_AND_LOG.contains(type.getPackageName())));

    @ArchTest
    static final ArchRule storeAndCatalogueKnowNoTransport = noClasses()
            .that()
            .resideInAnyPackage("org.raygateway.store..", "org.raygateway.catalogue..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.camel..", "com.azure..", "io.vertx..", "io.grpc..");

    @ArchTest
    static final ArchRule computationsSideKnowsNoGateway = noClasses()
            .that()
            .resideInAPackage("org.raygateway.ray..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.raygateway.store..",
                    "org.raygateway.submission..",
                    "org.raygateway.dispatch..",
                    "org.raygateway.status..",
                    "org.raygateway.http..",
                    "org.apache.camel..");

    /** Ray's workers have SLF4J 1.7, in front of whatever a job brings: such a call would end the thread that makes it. */
    @ArchTest
    static final ArchRule whatRunsOnWorkersLogsWithoutFluentCalls = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.raygateway.ray..",
                    "org.raygateway.job..",
                    "org.raygateway.logging..",
                    "org.raygateway.settings..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.slf4j.spi..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.raygateway.(*)..").should().beFreeOfCycles();
}
