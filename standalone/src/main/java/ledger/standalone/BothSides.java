package ledger.standalone;

import ledger.command.CommandConfiguration;
import ledger.query.QueryConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The command side and the query side in one application. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({CommandConfiguration.class, QueryConfiguration.class})
class BothSides {}
