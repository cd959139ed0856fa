import java.nio.file.Path;
import org.raygateway.servicebus.embedded.EmbeddedServiceBus;
import org.raygateway.servicebus.embedded.EmbeddedServiceBusSettings;

/** Starts the embedded broker for Python's tests, says how to connect, and stops with its standard input. */
class StartBroker {
    public static void main(String[] arguments) throws Exception {
        var settings =
                EmbeddedServiceBusSettings.of(Integer.parseInt(arguments[1]), Path.of(arguments[0]), "test", "a2V5");
        try (EmbeddedServiceBus broker = EmbeddedServiceBus.start(settings)) {
            System.out.println("connect " + broker.connectionString());
            while (System.in.read() >= 0) {}
        }
    }
}
