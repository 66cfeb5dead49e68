package ledger.http;

import java.net.InetAddress;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * The management port, where there is one beside that of the interface. Spring Boot would bind it to every address; its own
 * setting must not be there at all where both ports are one.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@EnableConfigurationProperties(ManagementPort.Setting.class)
class ManagementPort {

    @ConfigurationProperties("ledger.management")
    record Setting(InetAddress address) {}

    @Bean
    @Order // after Spring Boot's own
    static WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> managementAddress(Setting setting) {
        return server -> server.setAddress(setting.address);
    }
}
