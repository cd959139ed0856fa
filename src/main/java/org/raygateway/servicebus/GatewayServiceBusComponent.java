package org.raygateway.servicebus;

import com.azure.identity.DefaultAzureCredentialBuilder;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.azure.servicebus.CredentialType;
import org.apache.camel.component.azure.servicebus.ServiceBusComponent;
import org.apache.camel.component.azure.servicebus.ServiceBusConfiguration;
import org.apache.camel.spi.annotations.Component;

/**
 * camel-azure-servicebus, thinly extended: its producer sets the message-id and passes on no header by accident, and its
 * consumer can take messages in batches ({@code batchSize=N}). Everything else is the stock component; the annotation makes
 * Camel find the stock options.
 */
@Component("azure-servicebus")
public final class GatewayServiceBusComponent extends ServiceBusComponent {
    private final ServiceBusClients clients;

    public GatewayServiceBusComponent(ServiceBusClients clients) {
        this.clients = clients;
        configure(getConfiguration());
    }

    private void configure(ServiceBusConfiguration configuration) {
        configuration.setAmqpRetryOptions(clients.retryOptions());
        configuration.setMaxAutoLockRenewDuration(clients.settings().maxLock().toMillis());
        if (clients.passwordless()) {
            configuration.setFullyQualifiedNamespace(clients.settings().namespace());
            configuration.setTokenCredential(new DefaultAzureCredentialBuilder().build());
            configuration.setCredentialType(CredentialType.AZURE_IDENTITY);
        } else {
            configuration.setConnectionString(clients.settings().connectionString());
            configuration.setCredentialType(CredentialType.CONNECTION_STRING);
        }
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        int batchSize = getAndRemoveParameter(parameters, "batchSize", Integer.class, 0);
        ServiceBusConfiguration configuration = getConfiguration().copy();
        configuration.setTopicOrQueueName(remaining);
        var endpoint = new GatewayServiceBusEndpoint(uri, this, configuration, clients, batchSize);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
